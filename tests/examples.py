"""Two invented services, as their descriptions reach the registrar."""

from pds.core.encoding import Json

REGISTRAR = "https://registrar.anytown.example"


def _both(en: str, cy: str) -> Json:
    return {"en": en, "cy": cy}


def _why(required: bool, en: str, cy: str) -> Json:
    return {"required": required, "why": _both(en, cy)}


PARKING: Json = {
    "client_id": "https://parking.anytown.example",
    "redirect_uris": ["http://parking.localhost:9/back"],
    "post_logout_redirect_uris": ["http://parking.localhost:9/bye", "http://parking.localhost:9/bye?from=vault"],
    "name": _both("Resident parking permit", "Trwydded barcio i breswylwyr"),
    "authority": {
        "id": "https://anytown.example",
        "name": _both("Anytown Borough Council", "Cyngor Bwrdeistref Anytown"),
    },
    "home": "http://parking.localhost:9/",
    "sector": "https://parking.anytown.example",
    "tier": "council",
    "counters": [
        {
            "id": "library-1",
            "place": _both("Central Library", "Y Llyfrgell Ganolog"),
            "purposes": ["resident-permit"],
        },
        {
            "id": "civic-centre-2",
            "place": _both("Civic Centre", "Y Ganolfan Ddinesig"),
            "purposes": ["resident-permit"],
        },
    ],
    "subject_proof": True,
    "signed_sign_in": False,
    "notice_uri": None,
    "purposes": [
        {
            "id": "resident-permit",
            "text": _both("To decide whether you can have a parking permit", "I benderfynu a gewch drwydded barcio"),
            "fallback": _both("You can fill in the form yourself", "Gallwch lenwi'r ffurflen eich hun"),
            "lawful_basis": "public_task",
            "statute": "Road Traffic Regulation Act 1984, section 45",
            "attributes": {
                "person.full_name": _why(True, "The permit is in your name", "Mae'r drwydded yn eich enw chi"),
                "address.current": _why(True, "Permits are for residents", "Mae trwyddedau i breswylwyr"),
                "vehicle.registration": _why(True, "The permit is for one car", "Mae'r drwydded ar gyfer un car"),
                "contact.email": _why(False, "To tell you when it ends", "I ddweud wrthych pan ddaw i ben"),
                "contact.mobile": _why(False, "To reach you quickly", "I gysylltu â chi'n gyflym"),
            },
            "zones": {},
            "access": ["once", "until"],
            "shortest_days": 90,
            "longest_days": 400,
            "retention_days": 730,
            "dpia": None,
        }
    ],
}

LEISURE: Json = {
    "client_id": "https://leisure.anytown-trust.example",
    "redirect_uris": ["http://leisure.localhost:9/back"],
    "post_logout_redirect_uris": ["http://leisure.localhost:9/bye"],
    "name": _both("Leisure card", "Cerdyn hamdden"),
    "authority": {
        "id": "https://anytown-trust.example",
        "name": _both("Anytown Leisure Trust", "Ymddiriedolaeth Hamdden Anytown"),
    },
    "home": "http://leisure.localhost:9/",
    "sector": "https://leisure.anytown-trust.example",
    "tier": "partner",
    "counters": [
        {"id": "pool", "place": _both("Anytown Pool", "Pwll Anytown"), "purposes": ["leisure-card"]},
    ],
    "subject_proof": True,
    "signed_sign_in": False,
    "notice_uri": None,
    "purposes": [
        {
            "id": "leisure-card",
            "text": _both("To make your leisure card", "I wneud eich cerdyn hamdden"),
            "fallback": _both("Ask at the leisure centre", "Gofynnwch yn y ganolfan hamdden"),
            "lawful_basis": "contract",
            "statute": None,
            "attributes": {
                "person.full_name": _why(True, "It stands on the card", "Mae ar y cerdyn"),
                "contact.email": _why(False, "To send your bookings", "I anfon eich archebion"),
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
