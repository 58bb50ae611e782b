import functools
from json import dumps, loads

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0009_sessions_and_grants")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AlertRow",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("client_id", fields.CharField(max_length=255)),
                ("desk", fields.CharField(max_length=64)),
                ("kind", fields.CharField(max_length=16)),
                ("at", fields.BigIntField()),
            ],
            options={
                "table": "counter_alerts",
                "app": "models",
                "indexes": [Index(fields=["client_id", "desk"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CounterEventRow",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("counter", fields.CharField(max_length=22)),
                ("n", fields.IntField()),
                ("what", fields.CharField(max_length=16)),
                ("data", fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads)),
                ("expires", fields.BigIntField()),
            ],
            options={
                "table": "counter_events",
                "app": "models",
                "unique_together": (("counter", "n"),),
                "indexes": [Index(fields=["expires"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CounterRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=22)),
                ("client_id", fields.CharField(max_length=255)),
                ("desk", fields.CharField(max_length=64)),
                ("jkt", fields.CharField(max_length=43)),
                ("device_digest", fields.CharField(unique=True, max_length=43)),
                ("code_digest", fields.CharField(unique=True, max_length=43)),
                ("typed_digest", fields.CharField(unique=True, max_length=43)),
                ("state", fields.CharField(max_length=10)),
                ("outcome", fields.CharField(null=True, max_length=10)),
                ("reason", fields.CharField(null=True, max_length=10)),
                ("resident", fields.CharField(null=True, max_length=22)),
                ("browser_digest", fields.CharField(null=True, max_length=43)),
                ("n", fields.IntField()),
                ("tries", fields.IntField(default=0)),
                ("others", fields.IntField(default=0)),
                ("interval", fields.IntField()),
                ("polled", fields.BigIntField(default=0)),
                ("until", fields.BigIntField()),
                ("ends", fields.BigIntField()),
                ("expires", fields.BigIntField()),
            ],
            options={
                "table": "counters",
                "app": "models",
                "indexes": [Index(fields=["expires"]), Index(fields=["client_id", "desk"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DeskRow",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("client_id", fields.CharField(max_length=255)),
                ("desk", fields.CharField(max_length=64)),
                ("listed", fields.BooleanField()),
                ("frozen", fields.BigIntField(null=True)),
            ],
            options={"table": "desks", "app": "models", "unique_together": (("client_id", "desk"),), "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ReportRow",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("client_id", fields.CharField(max_length=255)),
                ("desk", fields.CharField(max_length=64)),
                ("reporter", fields.CharField(max_length=43)),
                ("at", fields.BigIntField()),
            ],
            options={
                "table": "counter_reports",
                "app": "models",
                "unique_together": (("client_id", "desk", "reporter"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="CodeRow",
            name="subject_proof",
            field=fields.TextField(null=True, unique=False),
        ),
        ops.AddField(
            model_name="GrantRow",
            name="desk",
            field=fields.CharField(null=True, max_length=64),
        ),
        ops.AddIndex(
            model_name="GrantRow",
            index=Index(fields=["client_id", "desk"]),
        ),
        ops.AddField(
            model_name="RequestRow",
            name="desk",
            field=fields.CharField(null=True, max_length=64),
        ),
    ]
