"""What a wallet sends at a counter, right in shape."""

from pds.core.encoding import Json
from protocols.vectors.make import world


def at_counter(commit: Json) -> list[tuple[str, Json]]:
    """Each message with the schema that describes it."""
    approval = {
        "commit": commit,
        "record": world.approval.record.compact,
        "disclosure": world.approval.message(),
        "replaces": [],
        "subject_proof": world.subject_proof.compact,
    }
    return [
        ("counter_claim.json", {"code": "0123456789ABCDEFGHJKMNPQRW"}),
        ("counter_claim.json", {"typed": "ABCDEFGH"}),
        ("counter_approval.json", approval),
        ("counter_departure.json", {"why": "not-here"}),
        ("counter_report.json", {"commit": commit, "revocation": world.revocation.compact}),
        ("counter_report.json", {"commit": None, "revocation": None}),
    ]
