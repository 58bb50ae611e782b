"""What services are still to be told."""

from tortoise import fields
from tortoise.models import Model


class NoticeRow(Model):
    """One notice on its way to one service. `id` is the `jti` under which it is sent, however often.

    It is not tried before `due`, nor by anybody else before `lease` is over; both in seconds, and 0 for at once and
    nobody. `queued` is null where the act that queued it did not say when: then it is set by the first who tries.
    """

    id = fields.CharField(22, primary_key=True)
    client_id = fields.CharField(255)
    kind = fields.CharField(16)
    subject = fields.CharField(43)
    grant_id = fields.CharField(22, null=True)
    revision = fields.BigIntField(null=True)
    sid = fields.CharField(43, null=True)
    queued = fields.BigIntField(null=True)
    due = fields.BigIntField()
    lease = fields.BigIntField(default=0)
    attempts = fields.IntField(default=0)

    class Meta:
        table = "notices"
        indexes = (("due",), ("client_id", "due"), ("client_id", "lease"), ("grant_id",))
