"""How the example services describe themselves to the registrar (protocols/specs/registry.md)."""

from pds.core.encoding import Json

REGISTRAR = "https://registrar.anytown.example"
BACK = "/back"
COUNCIL: Json = {
    "id": "https://anytown.example",
    "name": {"en": "Anytown Borough Council", "cy": "Cyngor Bwrdeistref Anytown"},
}


def parking(address: str) -> Json:
    """The council's service at this address, which is its `client_id`."""
    return {
        **_service(address),
        "name": _both("Resident parking permit", "Trwydded barcio i breswylwyr"),
        "authority": COUNCIL,
        "tier": "council",
        "purposes": [
            {
                "id": "resident-permit",
                "text": _both(
                    "To decide whether you can have a resident parking permit, and to keep it right while you have it",
                    "I benderfynu a gewch chi drwydded barcio i breswylwyr, a’i chadw’n gywir tra bydd gennych chi hi",
                ),
                "fallback": _both(
                    "You can type your details into the form yourself. It makes no difference to your application.",
                    "Gallwch deipio eich manylion yn y ffurflen eich hun. Nid yw’n gwneud gwahaniaeth i’ch cais.",
                ),
                "lawful_basis": "public_task",
                "statute": "Road Traffic Regulation Act 1984, section 45",
                "attributes": {
                    "person.full_name": _asked(True, "The permit is in your name", "Mae’r drwydded yn eich enw chi"),
                    "address.current": _asked(
                        True,
                        "Permits are for people who live in the zone",
                        "I bobl sy’n byw yn y parth y mae trwyddedau",
                    ),
                    "vehicle.registration": _asked(
                        True, "The permit is for one vehicle", "Mae’r drwydded ar gyfer un cerbyd"
                    ),
                    "contact.email": _asked(
                        False, "To remind you before the permit ends", "I’ch atgoffa cyn i’r drwydded ddod i ben"
                    ),
                    "contact.mobile": _asked(
                        False, "To reach you if your car must be moved", "I gysylltu â chi os oes rhaid symud eich car"
                    ),
                },
                "zones": {},
                "access": ["until"],
                "shortest_days": 90,
                "longest_days": 400,
                "retention_days": 730,
                "dpia": "DPIA-2026-014",
            }
        ],
    }


def leisure(address: str) -> Json:
    """The partner's service at this address, which is its `client_id`."""
    return {
        **_service(address),
        "name": _both("Leisure card", "Cerdyn hamdden"),
        "authority": {
            "id": "https://anytown-leisure.example",
            "name": _both("Anytown Leisure Trust", "Ymddiriedolaeth Hamdden Anytown"),
        },
        "tier": "partner",
        "purposes": [
            {
                "id": "leisure-card",
                "text": _both("To make your leisure card", "I wneud eich cerdyn hamdden"),
                "fallback": _both(
                    "Ask at the front desk of any leisure centre.",
                    "Gofynnwch wrth ddesg flaen unrhyw ganolfan hamdden.",
                ),
                "lawful_basis": "contract",
                "statute": None,
                "attributes": {
                    "person.full_name": _asked(True, "Your name is printed on the card", "Mae eich enw ar y cerdyn"),
                    "contact.email": _asked(False, "To send you your bookings", "I anfon eich archebion atoch"),
                    "person.date_of_birth": _asked(
                        False, "To give you the prices of your age", "I roi prisiau eich oedran i chi"
                    ),
                },
                "zones": {},
                "access": ["once"],
                "shortest_days": 0,
                "longest_days": 0,
                "retention_days": 365,
                "dpia": None,
            }
        ],
    }


def counter(address: str) -> Json:
    """The council's desks, whose own process is at this address, which is their `client_id`."""
    errands = ["library-card", "bulky-waste"]
    return {
        **_service(address),
        "name": _both("Council desk", "Desg y cyngor"),
        "authority": COUNCIL,
        "tier": "council",
        "counters": [
            {
                "id": "central-library-1",
                "place": _both("Central Library, desk 1", "Y Llyfrgell Ganolog, desg 1"),
                "purposes": errands,
            },
            {
                "id": "civic-centre-2",
                "place": _both("Civic Centre, desk 2", "Y Ganolfan Ddinesig, desg 2"),
                "purposes": errands,
            },
        ],
        "purposes": [
            {
                "id": "library-card",
                "text": _both("To make you a library card", "I wneud cerdyn llyfrgell i chi"),
                "fallback": _both(
                    "You can fill in a paper form at the desk.", "Gallwch lenwi ffurflen bapur wrth y ddesg."
                ),
                "lawful_basis": "public_task",
                "statute": "Public Libraries and Museums Act 1964, section 7",
                "attributes": {
                    "person.full_name": _asked(True, "The card is in your name", "Mae’r cerdyn yn eich enw chi"),
                    "address.current": _asked(
                        True, "Cards are for people who live here", "I bobl sy’n byw yma y mae’r cardiau"
                    ),
                    "person.date_of_birth": _asked(
                        False, "To lend you films of your age", "I fenthyg ffilmiau o’ch oedran i chi"
                    ),
                    "contact.email": _asked(
                        False, "To remind you when books are due", "I’ch atgoffa pan fydd llyfrau i’w dychwelyd"
                    ),
                },
                "zones": {},
                "access": ["once"],
                "shortest_days": 0,
                "longest_days": 0,
                "retention_days": 730,
                "dpia": "DPIA-2026-021",
            },
            {
                "id": "bulky-waste",
                "text": _both("To collect large things from your home", "I gasglu pethau mawr o’ch cartref"),
                "fallback": _both(
                    "You can tell the staff your address.", "Gallwch ddweud eich cyfeiriad wrth y staff."
                ),
                "lawful_basis": "public_task",
                "statute": "Environmental Protection Act 1990, section 45",
                "attributes": {
                    "address.current": _asked(True, "To come to the right place", "I ddod i’r lle cywir"),
                    "contact.mobile": _asked(
                        False, "To tell you when we come", "I ddweud wrthych pryd y byddwn yn dod"
                    ),
                },
                "zones": {},
                "access": ["once"],
                "shortest_days": 0,
                "longest_days": 0,
                "retention_days": 90,
                "dpia": "DPIA-2026-022",
            },
        ],
    }


def _service(address: str) -> Json:
    return {
        "client_id": address,
        "redirect_uris": [address + BACK],
        "post_logout_redirect_uris": [address + "/"],
        "home": address + "/",
        "sector": address,
        "counters": [],
        "subject_proof": True,
        "signed_sign_in": True,
        "notice_uri": None,
    }


def _both(en: str, cy: str) -> Json:
    return {"en": en, "cy": cy}


def _asked(required: bool, en: str, cy: str) -> Json:
    return {"required": required, "why": _both(en, cy)}
