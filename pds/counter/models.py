"""Counter sessions, what happened in each, and what residents said of a desk."""

from tortoise import fields
from tortoise.models import Model


class CounterRow(Model):
    """One session. `id` is its request's, too. The three codes are kept as digests.

    `until` is when its state lapses, `ends` when the whole exchange does, `expires` when the row is forgotten.
    """

    id = fields.CharField(22, primary_key=True)
    client_id = fields.CharField(255)
    desk = fields.CharField(64)
    jkt = fields.CharField(43)
    device_digest = fields.CharField(43, unique=True)
    code_digest = fields.CharField(43, unique=True)
    typed_digest = fields.CharField(43, unique=True)
    state = fields.CharField(10)
    outcome = fields.CharField(10, null=True)
    reason = fields.CharField(10, null=True)
    resident = fields.CharField(22, null=True)
    browser_digest = fields.CharField(43, null=True)
    n = fields.IntField()
    tries = fields.IntField(default=0)
    others = fields.IntField(default=0)
    interval = fields.IntField()
    polled = fields.BigIntField(default=0)
    until = fields.BigIntField()
    ends = fields.BigIntField()
    expires = fields.BigIntField()

    class Meta:
        table = "counters"
        indexes = (("expires",), ("client_id", "desk"))


class CounterEventRow(Model):
    """One event of a session, as its desk is told."""

    id = fields.BigIntField(primary_key=True)
    counter = fields.CharField(22)
    n = fields.IntField()
    what = fields.CharField(16)
    data: fields.Field[dict[str, object]] = fields.JSONField()
    expires = fields.BigIntField()

    class Meta:
        table = "counter_events"
        unique_together = (("counter", "n"),)
        indexes = (("expires",),)


class ReportRow(Model):
    """A resident's "this was not me" of one desk. `reporter` is a keyed digest, and says who to nobody."""

    id = fields.BigIntField(primary_key=True)
    client_id = fields.CharField(255)
    desk = fields.CharField(64)
    reporter = fields.CharField(43)
    at = fields.BigIntField()

    class Meta:
        table = "counter_reports"
        unique_together = (("client_id", "desk", "reporter"),)


class AlertRow(Model):
    """Something that a supervisor should look at; no personal data."""

    id = fields.BigIntField(primary_key=True)
    client_id = fields.CharField(255)
    desk = fields.CharField(64)
    kind = fields.CharField(16)
    at = fields.BigIntField()

    class Meta:
        table = "counter_alerts"
        indexes = (("client_id", "desk"),)
