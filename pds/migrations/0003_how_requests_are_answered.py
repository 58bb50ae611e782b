from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0002_read_batch")]

    initial = False

    operations = [
        ops.AddField(
            model_name="RequestRow",
            name="hinted_subject",
            field=fields.CharField(null=True, max_length=43),
        ),
        ops.AddField(
            model_name="RequestRow",
            name="pushed",
            field=fields.BigIntField(db_default=0),
        ),
    ]
