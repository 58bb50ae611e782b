"""A grant may be paused, and a batch of reads looks at that."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_generator.state_apps import StateApps

from pds.store.plpgsql import READ_BATCH


async def install(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    if editor.DIALECT == "postgres":
        await editor.client.execute_script(READ_BATCH)


async def nothing(_apps: StateApps, _editor: BaseSchemaEditor) -> None:
    """The function of before stands in an earlier release, which brings its own."""


class Migration(migrations.Migration):
    dependencies = [("models", "0010_counter")]

    initial = False

    operations = [
        ops.AddField(model_name="GrantRow", name="paused", field=fields.BooleanField(db_default=False)),
        ops.RunPython(install, nothing),
    ]
