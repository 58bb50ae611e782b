"""Documents for tests of JOSE: everything from the makers of the vectors, so that a test changes one thing."""

from collections.abc import Iterable

import pytest

from pds.core import jose
from pds.core.errors import Invalid
from protocols.vectors.make import world
from protocols.vectors.make.sign import Document, by_subject

GOOD = by_subject(jose.RECORD, {"hello": "world", "iat": 1}, world.subject)
KEY = jose.p256_public(GOOD.header["jwk"])


def refusal(document: Document | str, form: jose.Form = jose.RECORD, keys: Iterable[jose.PublicKey] = (KEY,)) -> str:
    """The error by which `jose.verify` refuses."""
    with pytest.raises(Invalid) as refused:
        jose.verify(document if isinstance(document, str) else document.compact, form, keys)
    return refused.value.code


def refusal_by_header(document: Document | str, form: jose.Form = jose.RECORD) -> str:
    """The error by which a reader that takes the key from the header refuses."""
    with pytest.raises(Invalid) as refused:
        jose.verify_by_header_key(document if isinstance(document, str) else document.compact, form)
    return refused.value.code
