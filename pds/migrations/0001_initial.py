import functools
from json import dumps, loads

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    initial = True

    operations = [
        ops.CreateModel(
            name="ChallengeRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=22)),
                ("purpose", fields.CharField(max_length=10)),
                ("nonce", fields.CharField(max_length=43)),
                ("subject", fields.CharField(max_length=43)),
                ("expires", fields.BigIntField()),
            ],
            options={"table": "challenges", "app": "models", "indexes": [Index(fields=["expires"])], "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="IndexRow",
            fields=[
                ("seq", fields.BigIntField(generated=False, primary_key=True, unique=True, db_index=True)),
                ("compact", fields.TextField(unique=False)),
                ("expires", fields.BigIntField()),
            ],
            options={"table": "registry_indexes", "app": "models", "pk_attr": "seq"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RequestRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=22)),
                ("uri_digest", fields.CharField(unique=True, max_length=43)),
                ("client_id", fields.CharField(max_length=255)),
                ("request", fields.TextField(null=True, unique=False)),
                (
                    "parameters",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                ("browser_digest", fields.CharField(null=True, max_length=43)),
                ("expires", fields.BigIntField()),
                ("extensions", fields.IntField(default=0)),
                ("decision", fields.CharField(null=True, max_length=10)),
                ("answer_digest", fields.CharField(null=True, max_length=43)),
            ],
            options={"table": "requests", "app": "models", "indexes": [Index(fields=["expires"])], "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ResidentRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=22)),
                ("epoch", fields.IntField()),
                ("seq", fields.BigIntField()),
                ("created", fields.BigIntField()),
            ],
            options={"table": "residents", "app": "models", "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="GrantRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=22)),
                (
                    "resident",
                    fields.ForeignKeyField(
                        "models.ResidentRow",
                        source_field="resident_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="grants",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("client_id", fields.CharField(max_length=255)),
                ("sector", fields.CharField(max_length=255)),
                ("subject", fields.CharField(max_length=43)),
                ("purpose", fields.CharField(max_length=64)),
                ("request_hash", fields.CharField(max_length=43)),
                ("record_hash", fields.CharField(max_length=43)),
                ("once", fields.BooleanField()),
                ("ends", fields.BigIntField()),
                ("state", fields.CharField(max_length=10)),
                ("revision", fields.BigIntField()),
                ("n", fields.BigIntField(default=0)),
                ("head", fields.CharField(default="", max_length=43)),
                ("last_at", fields.BigIntField(default=0)),
                ("last_read", fields.BigIntField(null=True)),
                ("first_read", fields.BigIntField(null=True)),
                ("first_read_jkt", fields.CharField(null=True, max_length=43)),
                (
                    "authorization_details",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
                ("record", fields.TextField(unique=False)),
                ("disclosure", fields.TextField(null=True, unique=False)),
            ],
            options={
                "table": "grants",
                "app": "models",
                "indexes": [
                    Index(fields=["resident_id"]),
                    Index(fields=["client_id", "subject", "purpose"]),
                    Index(fields=["state", "ends"]),
                    Index(fields=["first_read"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="AccessTokenRow",
            fields=[
                ("digest", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=43)),
                (
                    "grant",
                    fields.ForeignKeyField(
                        "models.GrantRow",
                        source_field="grant_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="access_tokens",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("client_id", fields.CharField(max_length=255)),
                ("jkt", fields.CharField(max_length=43)),
                ("scope", fields.CharField(max_length=20)),
                ("expires", fields.BigIntField()),
            ],
            options={
                "table": "access_tokens",
                "app": "models",
                "indexes": [Index(fields=["grant_id"]), Index(fields=["expires"])],
                "pk_attr": "digest",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CodeRow",
            fields=[
                ("digest", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=43)),
                (
                    "grant",
                    fields.ForeignKeyField(
                        "models.GrantRow",
                        source_field="grant_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="codes",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("client_id", fields.CharField(max_length=255)),
                ("redirect_uri", fields.TextField(unique=False)),
                ("code_challenge", fields.CharField(max_length=43)),
                ("dpop_jkt", fields.CharField(null=True, max_length=43)),
                ("nonce", fields.TextField(null=True, unique=False)),
                ("scope", fields.CharField(max_length=20)),
                ("auth_time", fields.BigIntField()),
                ("amr", fields.CharField(max_length=40)),
                ("expires", fields.BigIntField()),
                ("used", fields.BooleanField(default=False)),
            ],
            options={
                "table": "codes",
                "app": "models",
                "indexes": [Index(fields=["grant_id"]), Index(fields=["expires"])],
                "pk_attr": "digest",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ItemRow",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "resident",
                    fields.ForeignKeyField(
                        "models.ResidentRow",
                        source_field="resident_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="items",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("item", fields.CharField(max_length=22)),
                ("rev", fields.BigIntField()),
                ("sealed", fields.BinaryField()),
            ],
            options={"table": "items", "app": "models", "unique_together": (("resident_id", "item"),), "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LogRow",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "grant",
                    fields.ForeignKeyField(
                        "models.GrantRow",
                        source_field="grant_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="entries",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("n", fields.BigIntField()),
                ("prev", fields.CharField(max_length=43)),
                ("at", fields.BigIntField()),
                ("kind", fields.CharField(max_length=16)),
                ("revision", fields.BigIntField()),
                ("evidence", fields.TextField(unique=False)),
            ],
            options={"table": "log_entries", "app": "models", "unique_together": (("grant_id", "n"),), "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ManifestRow",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "resident",
                    fields.ForeignKeyField(
                        "models.ResidentRow",
                        source_field="resident_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="manifests",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("seq", fields.BigIntField()),
                ("digest", fields.CharField(max_length=43)),
                ("sealed", fields.BinaryField()),
            ],
            options={
                "table": "manifests",
                "app": "models",
                "unique_together": (("resident_id", "seq"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MethodRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=22)),
                (
                    "resident",
                    fields.ForeignKeyField(
                        "models.ResidentRow",
                        source_field="resident_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="methods",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("kind", fields.CharField(max_length=10)),
                ("wrap", fields.BinaryField()),
                ("suite", fields.IntField(null=True)),
                ("salt", fields.BinaryField(null=True)),
                ("credential_id", fields.CharField(null=True, unique=True, max_length=1400)),
                ("credential_key", fields.BinaryField(null=True)),
                ("sign_count", fields.BigIntField(default=0)),
                ("login_x", fields.CharField(null=True, max_length=43)),
                ("locator", fields.CharField(null=True, unique=True, max_length=43)),
            ],
            options={"table": "methods", "app": "models", "indexes": [Index(fields=["resident_id"])], "pk_attr": "id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RefreshTokenRow",
            fields=[
                ("digest", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=43)),
                (
                    "grant",
                    fields.ForeignKeyField(
                        "models.GrantRow",
                        source_field="grant_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="refresh_tokens",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("client_id", fields.CharField(max_length=255)),
                ("scope", fields.CharField(max_length=20)),
                ("auth_time", fields.BigIntField()),
                ("amr", fields.CharField(max_length=40)),
            ],
            options={
                "table": "refresh_tokens",
                "app": "models",
                "indexes": [Index(fields=["grant_id"])],
                "pk_attr": "digest",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SeenRow",
            fields=[
                ("mark", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=43)),
                ("expires", fields.BigIntField()),
            ],
            options={"table": "seen", "app": "models", "indexes": [Index(fields=["expires"])], "pk_attr": "mark"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ServiceRow",
            fields=[
                ("client_id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=255)),
                ("statement", fields.TextField(unique=False)),
                ("digest", fields.CharField(unique=True, max_length=43)),
                ("suspended", fields.BooleanField(default=False)),
            ],
            options={"table": "services", "app": "models", "pk_attr": "client_id"},
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SessionRow",
            fields=[
                ("digest", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=43)),
                (
                    "resident",
                    fields.ForeignKeyField(
                        "models.ResidentRow",
                        source_field="resident_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="sessions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("auth_time", fields.BigIntField()),
                ("amr", fields.CharField(max_length=40)),
                ("expires", fields.BigIntField()),
            ],
            options={
                "table": "sessions",
                "app": "models",
                "indexes": [Index(fields=["resident_id"]), Index(fields=["expires"])],
                "pk_attr": "digest",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SubjectRow",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("sector", fields.CharField(max_length=255)),
                ("subject", fields.CharField(max_length=43)),
                ("resident", fields.CharField(max_length=22)),
            ],
            options={
                "table": "subjects",
                "app": "models",
                "unique_together": (("sector", "subject"),),
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
