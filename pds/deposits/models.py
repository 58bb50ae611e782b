"""What services left in the inboxes of vaults."""

from tortoise import fields
from tortoise.models import Model

from pds.residents.models import ResidentRow


class DepositRow(Model):
    """One deposit, encrypted to the subject's deposit key. Its `digest` recognises the same bytes sent again."""

    id = fields.CharField(22, primary_key=True)
    resident_id: str
    resident: fields.ForeignKeyRelation[ResidentRow] = fields.ForeignKeyField(
        "models.ResidentRow", related_name="deposits", on_delete=fields.CASCADE
    )
    client_id = fields.CharField(255)
    subject = fields.CharField(43)
    digest = fields.CharField(43)
    received = fields.BigIntField()
    expires = fields.BigIntField()
    deposit = fields.TextField()

    class Meta:
        table = "deposits"
        unique_together = (("resident_id", "digest"),)
        indexes = (("client_id", "subject"), ("expires",))
