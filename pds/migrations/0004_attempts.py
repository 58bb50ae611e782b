from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0003_how_requests_are_answered")]

    initial = False

    operations = [
        ops.CreateModel(
            name="AttemptRow",
            fields=[
                ("key", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=43)),
                ("count", fields.IntField()),
                ("expires", fields.BigIntField()),
            ],
            options={
                "table": "attempts",
                "app": "models",
                "indexes": [Index(fields=["expires"])],
                "pk_attr": "key",
            },
            bases=["Model"],
        ),
    ]
