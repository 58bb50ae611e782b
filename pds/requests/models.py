"""What services pushed, and which browser brought it to the wallet."""

from tortoise import fields
from tortoise.models import Model


class RequestRow(Model):
    """A pushed request. `id` is the interaction that the wallet knows; the `request_uri` is kept as its digest.

    One at a counter has a `desk`, and no `request_uri` that anybody knows: no browser can bring it.
    """

    id = fields.CharField(22, primary_key=True)
    uri_digest = fields.CharField(43, unique=True)
    client_id = fields.CharField(255)
    request = fields.TextField(null=True)
    parameters: fields.Field[dict[str, str]] = fields.JSONField()
    browser_digest = fields.CharField(43, null=True)
    pushed = fields.BigIntField(db_default=0)
    hinted_subject = fields.CharField(43, null=True)
    expires = fields.BigIntField()
    extensions = fields.IntField(default=0)
    decision = fields.CharField(10, null=True)
    answer_digest = fields.CharField(43, null=True)
    desk = fields.CharField(64, null=True)

    class Meta:
        table = "requests"
        indexes = (("expires",),)
