from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0005_notices")]

    initial = False

    operations = [
        ops.CreateModel(
            name="DepositRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=22)),
                (
                    "resident",
                    fields.ForeignKeyField(
                        "models.ResidentRow",
                        source_field="resident_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="deposits",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("client_id", fields.CharField(max_length=255)),
                ("subject", fields.CharField(max_length=43)),
                ("digest", fields.CharField(max_length=43)),
                ("received", fields.BigIntField()),
                ("expires", fields.BigIntField()),
                ("deposit", fields.TextField(unique=False)),
            ],
            options={
                "table": "deposits",
                "app": "models",
                "unique_together": (("resident_id", "digest"),),
                "indexes": [Index(fields=["client_id", "subject"]), Index(fields=["expires"])],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
    ]
