"""By what its resident knows a signed-in browser."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0004_attempts")]

    initial = False

    operations = [
        ops.AddField(model_name="SessionRow", name="device", field=fields.CharField(db_default="", max_length=40)),
    ]
