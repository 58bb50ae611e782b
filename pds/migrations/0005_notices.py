"""The outbox of notices, which services a session signed in to, and where each service takes what."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_generator.state_apps import StateApps

from pds.core import jose
from pds.store.interface import on_engine

_SET = "UPDATE services SET notice_uri = $2, logout_uri = $3 WHERE client_id = $1"


async def read_statements(_apps: StateApps, editor: BaseSchemaEditor) -> None:
    """The addresses of services that are in force already stand in their statements."""
    for row in await editor.client.execute_query_dict("SELECT client_id, statement FROM services"):
        metadata = jose.peek(row["statement"])["metadata"]
        notice = metadata["resident_data_service"]["notice_uri"]
        logout = metadata["openid_relying_party"].get("backchannel_logout_uri")
        await editor.client.execute_query(on_engine(editor.client, _SET), [row["client_id"], notice, logout])


async def nothing(_apps: StateApps, _editor: BaseSchemaEditor) -> None:
    """The columns go, and what is in them."""


class Migration(migrations.Migration):
    dependencies = [("models", "0004_attempts")]

    initial = False

    operations = [
        ops.CreateModel(
            name="NoticeRow",
            fields=[
                ("id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=22)),
                ("client_id", fields.CharField(max_length=255)),
                ("kind", fields.CharField(max_length=16)),
                ("subject", fields.CharField(max_length=43)),
                ("grant_id", fields.CharField(null=True, max_length=22)),
                ("revision", fields.BigIntField(null=True)),
                ("sid", fields.CharField(null=True, max_length=43)),
                ("queued", fields.BigIntField(null=True)),
                ("due", fields.BigIntField()),
                ("lease", fields.BigIntField(default=0)),
                ("attempts", fields.IntField(default=0)),
            ],
            options={
                "table": "notices",
                "app": "models",
                "indexes": [
                    Index(fields=["due"]),
                    Index(fields=["client_id", "due"]),
                    Index(fields=["client_id", "lease"]),
                    Index(fields=["grant_id"]),
                ],
                "pk_attr": "id",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SignInRow",
            fields=[
                ("sid", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=43)),
                ("session", fields.CharField(max_length=43)),
                ("client_id", fields.CharField(max_length=255)),
                ("subject", fields.CharField(max_length=43)),
                ("expires", fields.BigIntField()),
            ],
            options={
                "table": "sign_ins",
                "app": "models",
                "indexes": [Index(fields=["session"]), Index(fields=["expires"])],
                "pk_attr": "sid",
            },
            bases=["Model"],
        ),
        ops.AddField(model_name="CodeRow", name="session", field=fields.CharField(null=True, max_length=43)),
        ops.AddField(model_name="RefreshTokenRow", name="sid", field=fields.CharField(null=True, max_length=43)),
        ops.AddField(model_name="ServiceRow", name="logout_uri", field=fields.CharField(null=True, max_length=2048)),
        ops.AddField(model_name="ServiceRow", name="notice_uri", field=fields.CharField(null=True, max_length=2048)),
        ops.RunPython(read_statements, nothing),
    ]
