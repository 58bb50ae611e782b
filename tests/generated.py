"""Requests that schemathesis makes up from protocols/openapi.yaml, right ones and wrong ones, with a real caller.

What it makes up has the shape, and knows no secret: so that some requests get past the door, those that are of the
right shape are given a session, an assertion, a proof, a token, or an id that exists. What it bent stays bent.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis import hooks
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import Status, events, from_schema

from tests import openapi

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "unsupported_method",
)
PHASES = ("coverage", "fuzzing")
# The statuses by which this server refuses what is wrong.
REFUSALS = "400 401 403 404 405 410 412 413 415 417 422 429 431".split()


@schemathesis.deserializer("application/json")
def _deserialize(_context: Any, response: Any) -> Any:
    # It takes every type that begins as `application/json` does for JSON, and a JWT is none.
    return response.text if response.headers["content-type"][0].startswith("application/jwt") else response.json()


@dataclass
class Found:
    """What came of a run: how often each operation gave each status, and every complaint with its request."""

    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    complaints: dict[str, str] = field(default_factory=dict)

    @property
    def passed(self) -> set[str]:
        """The operations that said yes at least once."""
        return {operation for operation, status in self.statuses if status < 400}


def run(issuer: str, dress: Callable[[Any], None], *, examples: int) -> Found:
    """Try every operation: each bound of its schemas, and `examples` by chance, the same in every run.

    `dress` gives a request its credentials before it is sent.
    """
    config = SchemathesisConfig.from_dict(
        {
            "base-url": issuer,
            "workers": 1,
            "continue-on-failure": True,
            "generation": {"deterministic": True, "max-examples": examples, "database": "none"},
            "checks": {"enabled": False}
            | {name: {"enabled": True} for name in CHECKS}
            | {"negative_data_rejection": {"enabled": True, "expected-statuses": REFUSALS}},
            "phases": {name: {"enabled": name in PHASES} for name in ("examples", "coverage", "fuzzing", "stateful")},
        }
    )
    schema = schemathesis.openapi.from_dict(openapi.bundled(), config=config)

    def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
        kwargs["allow_redirects"] = False
        dress(case)

    found = Found()
    schemathesis.hook(before_call)  # for all schemas of this process, of which there is one at a time
    try:
        for event in from_schema(schema).execute():
            if isinstance(event, events.NonFatalError | events.FatalError):
                raise AssertionError(str(event.__dict__))
            if isinstance(event, events.ScenarioFinished):
                _take(event.recorder, found)
    finally:
        hooks.unregister(before_call)
    return found


def _take(recorder: Any, found: Found) -> None:
    for id, interaction in recorder.interactions.items():
        case = recorder.cases[id].value
        if interaction.response is not None:
            found.statuses[case.operation.label, interaction.response.status_code] += 1
        for check in recorder.checks.get(id, ()):
            if check.status == Status.FAILURE and check.failure_info is not None:
                failure = check.failure_info.failure
                key = f"{case.operation.label}: {failure.title}"
                found.complaints.setdefault(key, f"{failure.message}\n{case.as_curl_command()[:2000]}")
