"""What the registrar signed, as the server keeps it to serve it."""

from tortoise import fields
from tortoise.models import Model


class IndexRow(Model):
    """One signed index; the row with the highest `seq` is the one in force."""

    seq = fields.BigIntField(primary_key=True, generated=False)
    compact = fields.TextField()
    expires = fields.BigIntField()

    class Meta:
        table = "registry_indexes"


class ServiceRow(Model):
    """The statement in force of one service, which the index lists by its digest.

    `notice_uri` and `logout_uri` stand in the statement too: here whoever queues a notice sees whether there is one.
    """

    client_id = fields.CharField(255, primary_key=True)
    statement = fields.TextField()
    digest = fields.CharField(43, unique=True)
    suspended = fields.BooleanField(default=False)
    notice_uri = fields.CharField(2048, null=True)
    logout_uri = fields.CharField(2048, null=True)

    class Meta:
        table = "services"


class DeskRow(Model):
    """A desk that a statement has listed. It outlives its listing, so that one that was frozen comes back frozen."""

    id = fields.BigIntField(primary_key=True)
    client_id = fields.CharField(255)
    desk = fields.CharField(64)
    listed = fields.BooleanField()
    frozen = fields.BigIntField(null=True)

    class Meta:
        table = "desks"
        unique_together = (("client_id", "desk"),)
