"""Whether a server did with a case what it must; every case is run, and every failure is told."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.hostile.oauth.cases import Case, Expected
from tests.hostile.oauth.steps import Answer, Run
from tests.hostile.oauth.target import Target


@dataclass
class Verdict:
    """How a run of the corpus went."""

    passed: int = 0
    skipped: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


async def judge(target: Target, cases: Iterable[Case]) -> Verdict:
    """Run every case, one after the other. A case that needs what the target lacks is skipped and named."""
    verdict = Verdict()
    for case in cases:
        lacking = sorted({step.do for step in case.steps if target.lacks(step.do)})
        kinds = {step.changes["asks"] for step in case.steps if "asks" in step.changes}
        lacking += sorted(kinds - target.clients["a"].asks.keys())
        if lacking:
            verdict.skipped.append(f"{case} (no {', '.join(lacking)})")
            continue
        complaint = await _complaint(target, case)
        if complaint:
            verdict.failed.append(f"{case}\n    {complaint}\n    {case.cite}")
        else:
            verdict.passed += 1
    return verdict


async def _complaint(target: Target, case: Case) -> str:
    run = Run(target, case)
    for number, step in enumerate(case.steps, 1):
        try:
            answers = await run.do(step)
        except Exception as error:  # a case must not hide the ones after it
            return f"step {number}, {step.do}: {type(error).__name__}: {error}"
        wrong = (
            _several(answers, step.expected) if step.expected.count is not None else _wrong(answers[0], step.expected)
        )
        if wrong:
            return f"step {number}, {step.do}: {wrong}"
    return ""


def _several(answers: list[Answer], expected: Expected) -> str:
    taken = sum(answer.accepted for answer in answers)
    broken = [answer.status for answer in answers if answer.status >= 500]
    if broken:
        return f"{broken[0]}: nothing that a client sends may break the server"
    return "" if taken == expected.count else f"{taken} of {len(answers)} were accepted, not {expected.count}"


def _wrong(answer: Answer, expected: Expected) -> str:
    said = f"{answer.status} {answer.error} {answer.document.get('rule', '')} {answer.text[:160]}"
    if answer.status >= 500:
        return f"nothing that a client sends may break the server: {said}"
    told = answer.text + answer.location + "".join(value for _, value in answer.headers)
    for word in expected.never:
        if word in told:
            return f"says {word!r}: {said}"
    if answer.accepted != expected.accepted:
        return f"{'accepted' if answer.accepted else 'refused'}: {said}"
    if expected.refused and answer.error not in expected.refused:
        return f"refused with another code than {' or '.join(expected.refused)}: {said}"
    if expected.status and answer.status not in expected.status:
        return f"another status than {expected.status}: {said}"
    # Only a server that names its rules can be asked whether it refused for the right reason.
    if expected.rule and answer.document.get("rule", expected.rule) != expected.rule:
        return f"refused for another reason than {expected.rule}: {said}"
    for name, value in (expected.members or {}).items():
        if answer.document.get(name) != value:
            return f"{name} is {answer.document.get(name)!r}, not {value!r}"
    return ""
