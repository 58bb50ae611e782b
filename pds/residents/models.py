"""Who may open a session. No password ever reaches the server: only public keys do."""

from tortoise import fields
from tortoise.models import Model


class ResidentRow(Model):
    """A resident is known by the id of the vault that the wallet made."""

    id = fields.CharField(22, primary_key=True)
    epoch = fields.IntField()
    seq = fields.BigIntField()
    created = fields.BigIntField()

    class Meta:
        table = "residents"


class MethodRow(Model):
    """A way to log in and, sealed, to unlock: `wrap` is the root key under a key that the server never sees."""

    id = fields.CharField(22, primary_key=True)
    resident_id: str
    resident: fields.ForeignKeyRelation[ResidentRow] = fields.ForeignKeyField(
        "models.ResidentRow", related_name="methods", on_delete=fields.CASCADE
    )
    kind = fields.CharField(10)
    wrap = fields.BinaryField()
    suite = fields.IntField(null=True)
    salt = fields.BinaryField(null=True)
    credential_id = fields.CharField(1400, null=True, unique=True)
    credential_key = fields.BinaryField(null=True)
    sign_count = fields.BigIntField(default=0)
    login_x = fields.CharField(43, null=True)
    locator = fields.CharField(43, null=True, unique=True)  # of a recovery code; of a passphrase the vault name

    class Meta:
        table = "methods"
        indexes = (("resident_id",),)


class ChallengeRow(Model):
    """A nonce that one registration or login may use once."""

    id = fields.CharField(22, primary_key=True)
    purpose = fields.CharField(10)
    nonce = fields.CharField(43)
    subject = fields.CharField(43)
    expires = fields.BigIntField()

    class Meta:
        table = "challenges"
        indexes = (("expires",),)


class SessionRow(Model):
    """A signed-in browser. The cookie is kept only as its digest. `device` is what its resident knows it by."""

    digest = fields.CharField(43, primary_key=True)
    resident_id: str
    resident: fields.ForeignKeyRelation[ResidentRow] = fields.ForeignKeyField(
        "models.ResidentRow", related_name="sessions", on_delete=fields.CASCADE
    )
    auth_time = fields.BigIntField()
    amr = fields.CharField(40)
    device = fields.CharField(40, db_default="")
    expires = fields.BigIntField()

    class Meta:
        table = "sessions"
        indexes = (("resident_id",), ("expires",))


class SignInRow(Model):
    """A service that this session signed in to: whom to tell when the session ends.

    `sid` is what the service knows the session by; another service, and another subject, has another (notices.md).
    """

    sid = fields.CharField(43, primary_key=True)
    session = fields.CharField(43)
    client_id = fields.CharField(255)
    subject = fields.CharField(43)
    expires = fields.BigIntField()

    class Meta:
        table = "sign_ins"
        indexes = (("session",), ("expires",))


class AttemptRow(Model):
    """How often somebody failed to sign in lately: to one account, or from one address, neither kept as such."""

    key = fields.CharField(43, primary_key=True)
    count = fields.IntField()
    expires = fields.BigIntField()

    class Meta:
        table = "attempts"
        indexes = (("expires",),)
