"""Grants, what hangs on them, and the log of what was done with them."""

from tortoise import fields
from tortoise.models import Model

from pds.residents.models import ResidentRow


class SubjectRow(Model):
    """A (sector, subject) belongs to one vault for ever, closed or not: so there is no foreign key."""

    id = fields.BigIntField(primary_key=True)
    sector = fields.CharField(255)
    subject = fields.CharField(43)
    resident = fields.CharField(22)

    class Meta:
        table = "subjects"
        unique_together = (("sector", "subject"),)


class GrantRow(Model):
    """One grant. `n`, `head` and `last_at` are the end of its log chain; `disclosure` is null once it has ended.

    The disclosure of a `once` grant outlives its end by the 60 s in which the same key may repeat the read:
    `first_read` and `first_read_jkt` are set for that time only, and `store.purge` clears all three.
    `desk` is the counter where it was made, null online.
    The long texts stand last: a read touches the short ones, and SQLite then rewrites one page instead of all.
    """

    id = fields.CharField(22, primary_key=True)
    resident_id: str
    resident: fields.ForeignKeyRelation[ResidentRow] = fields.ForeignKeyField(
        "models.ResidentRow", related_name="grants", on_delete=fields.CASCADE
    )
    client_id = fields.CharField(255)
    sector = fields.CharField(255)
    subject = fields.CharField(43)
    purpose = fields.CharField(64)
    request_hash = fields.CharField(43)
    record_hash = fields.CharField(43)
    once = fields.BooleanField()
    ends = fields.BigIntField()
    state = fields.CharField(10)
    revision = fields.BigIntField()
    n = fields.BigIntField(default=0)
    head = fields.CharField(43, default="")
    last_at = fields.BigIntField(default=0)
    last_read = fields.BigIntField(null=True)
    first_read = fields.BigIntField(null=True)
    first_read_jkt = fields.CharField(43, null=True)
    desk = fields.CharField(64, null=True)
    dpop_jkt = fields.CharField(43, null=True)
    scope = fields.CharField(20, db_default="")
    paused = fields.BooleanField(db_default=False)
    authorization_details: fields.Field[list[object]] = fields.JSONField()
    record = fields.TextField()
    disclosure = fields.TextField(null=True)

    class Meta:
        table = "grants"
        indexes = (
            ("resident_id",),
            ("client_id", "subject", "purpose"),
            ("state", "ends"),
            ("first_read",),
            ("client_id", "desk"),
        )


class LogRow(Model):
    """One entry of a grant's chain (protocols/specs/log.md)."""

    id = fields.BigIntField(primary_key=True)
    grant_id: str
    grant: fields.ForeignKeyRelation[GrantRow] = fields.ForeignKeyField(
        "models.GrantRow", related_name="entries", on_delete=fields.CASCADE
    )
    n = fields.BigIntField()
    prev = fields.CharField(43)
    at = fields.BigIntField()
    kind = fields.CharField(16)
    revision = fields.BigIntField()
    evidence = fields.TextField()

    class Meta:
        table = "log_entries"
        unique_together = (("grant_id", "n"),)


class CodeRow(Model):
    """A code that is exchanged for tokens (a device code, too), kept as its digest.

    `used` stays until expiry, so that a second use is recognised.
    """

    digest = fields.CharField(43, primary_key=True)
    grant_id: str
    grant: fields.ForeignKeyRelation[GrantRow] = fields.ForeignKeyField(
        "models.GrantRow", related_name="codes", on_delete=fields.CASCADE
    )
    client_id = fields.CharField(255)
    redirect_uri = fields.TextField()
    code_challenge = fields.CharField(43)
    dpop_jkt = fields.CharField(43, null=True)
    nonce = fields.TextField(null=True)
    scope = fields.CharField(20)
    auth_time = fields.BigIntField()
    amr = fields.CharField(40)
    session = fields.CharField(43, null=True)
    expires = fields.BigIntField()
    used = fields.BooleanField(default=False)
    subject_proof = fields.TextField(null=True)

    class Meta:
        table = "codes"
        indexes = (("grant_id",), ("expires",))


class AccessTokenRow(Model):
    """An opaque access token, kept as its digest and bound to one DPoP key."""

    digest = fields.CharField(43, primary_key=True)
    grant_id: str
    grant: fields.ForeignKeyRelation[GrantRow] = fields.ForeignKeyField(
        "models.GrantRow", related_name="access_tokens", on_delete=fields.CASCADE
    )
    client_id = fields.CharField(255)
    jkt = fields.CharField(43)
    scope = fields.CharField(20)
    expires = fields.BigIntField()

    class Meta:
        table = "access_tokens"
        indexes = (("grant_id",), ("expires",))


class RefreshTokenRow(Model):
    """A refresh token of a standing grant, bound to the client, not rotated (protocol.md section 5)."""

    digest = fields.CharField(43, primary_key=True)
    grant_id: str
    grant: fields.ForeignKeyRelation[GrantRow] = fields.ForeignKeyField(
        "models.GrantRow", related_name="refresh_tokens", on_delete=fields.CASCADE
    )
    client_id = fields.CharField(255)
    scope = fields.CharField(20)
    auth_time = fields.BigIntField()
    amr = fields.CharField(40)
    sid = fields.CharField(43, null=True)

    class Meta:
        table = "refresh_tokens"
        indexes = (("grant_id",),)


class ClientTokenRow(Model):
    """An access token of a service for itself, to look after its grants: no resident gave it, and it reads nothing."""

    digest = fields.CharField(43, primary_key=True)
    client_id = fields.CharField(255)
    jkt = fields.CharField(43)
    scope = fields.CharField(64)
    expires = fields.BigIntField()

    class Meta:
        table = "client_tokens"
        indexes = (("client_id",), ("expires",))
