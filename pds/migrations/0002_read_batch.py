"""The function that reads in batches, where the database is PostgreSQL."""

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_generator.state_apps import StateApps

from pds.store.plpgsql import DROP_READ_BATCH, READ_BATCH


async def install(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    if editor.DIALECT == "postgres":
        await editor.client.execute_script(READ_BATCH)


async def remove(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    if editor.DIALECT == "postgres":
        await editor.client.execute_script(DROP_READ_BATCH)


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]

    operations = [ops.RunPython(install, remove)]
