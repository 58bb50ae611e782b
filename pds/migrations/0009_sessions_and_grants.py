"""By what its resident knows a signed-in browser; what a service needs to look after its grants itself."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0008_deposits")]

    initial = False

    operations = [
        ops.CreateModel(
            name="ClientTokenRow",
            fields=[
                ("digest", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=43)),
                ("client_id", fields.CharField(max_length=255)),
                ("jkt", fields.CharField(max_length=43)),
                ("scope", fields.CharField(max_length=64)),
                ("expires", fields.BigIntField()),
            ],
            options={
                "table": "client_tokens",
                "app": "models",
                "indexes": [Index(fields=["client_id"]), Index(fields=["expires"])],
                "pk_attr": "digest",
            },
            bases=["Model"],
        ),
        ops.AddField(model_name="GrantRow", name="dpop_jkt", field=fields.CharField(null=True, max_length=43)),
        ops.AddField(model_name="GrantRow", name="scope", field=fields.CharField(db_default="", max_length=20)),
        ops.AddField(model_name="SessionRow", name="device", field=fields.CharField(db_default="", max_length=40)),
    ]
