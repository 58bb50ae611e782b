"""The sealed vault: ciphertext and its order, nothing else."""

from tortoise import fields
from tortoise.models import Model

from pds.residents.models import ResidentRow


class ManifestRow(Model):
    """One sealed manifest. All are kept, so that a wallet can check every link since the last it knows."""

    id = fields.BigIntField(primary_key=True)
    resident_id: str
    resident: fields.ForeignKeyRelation[ResidentRow] = fields.ForeignKeyField(
        "models.ResidentRow", related_name="manifests", on_delete=fields.CASCADE
    )
    seq = fields.BigIntField()
    digest = fields.CharField(43)
    sealed = fields.BinaryField()

    class Meta:
        table = "manifests"
        unique_together = (("resident_id", "seq"),)


class ItemRow(Model):
    """The current revision of one sealed item."""

    id = fields.BigIntField(primary_key=True)
    resident_id: str
    resident: fields.ForeignKeyRelation[ResidentRow] = fields.ForeignKeyField(
        "models.ResidentRow", related_name="items", on_delete=fields.CASCADE
    )
    item = fields.CharField(22)
    rev = fields.BigIntField()
    sealed = fields.BinaryField()

    class Meta:
        table = "items"
        unique_together = (("resident_id", "item"),)
