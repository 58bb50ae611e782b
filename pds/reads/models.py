"""What was seen once and must not be accepted again, shared by every worker."""

from tortoise import fields
from tortoise.models import Model


class SeenRow(Model):
    """A proof or assertion `jti`, as the digest of its kind, key and value, until it could not be accepted anyway."""

    mark = fields.CharField(43, primary_key=True)
    expires = fields.BigIntField()

    class Meta:
        table = "seen"
        indexes = (("expires",),)
