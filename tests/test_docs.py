"""The pages say what the code does: every code, setting and command is explained, and every link leads somewhere."""

import argparse
import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOT_OURS = {"node_modules", "__pycache__", "dist", ".venv", ".lock", ".demo", ".pytest_cache"}

# A stable name of the specs, such as `request/pkce`; and what looks like one and is a media type or a context.
_RULE = re.compile(r"[a-z]+(?:-[a-z]+)*/[a-z]+[a-z0-9]*(?:-[a-z0-9]+)*")
_NO_RULE = re.compile(r"(?:application|text|image|font)/|pds/v1")
# The registered `error` values of RFC 6749, 6750, 9101, 9396, 9449 and OpenID Connect Core.
_OAUTH = re.compile(
    r"(?:invalid|unsupported|insufficient)_[a-z_]+|temporarily_unavailable|server_error|access_denied"
    r"|interaction_required|use_dpop_nonce"
)
# What no literal says: `f"{family}/repeated"`, and the code that a 405 of the framework becomes.
PUT_TOGETHER = {"/repeated": {"dpop/repeated", "token/repeated"}}
BY_THE_FRAMEWORK = {"method-not-allowed"}


def pages() -> Iterator[Path]:
    for path in sorted(each for each in ROOT.rglob("*.md") if not each.is_symlink()):
        if not NOT_OURS.intersection(path.relative_to(ROOT).parts):
            yield path


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def literals() -> list[tuple[str, str]]:
    """File and text of every string in the package, without the demo's and those of the migrations."""
    sources = sorted((ROOT / "pds").rglob("*.py"))
    return [
        (relative(path), node.value)
        for path in sources
        if not relative(path).startswith(("pds/demo/", "pds/migrations/"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def rules_in_code() -> set[str]:
    plain = {text for _, text in literals() if _RULE.fullmatch(text) and not _NO_RULE.match(text)}
    return plain.union(*PUT_TOGETHER.values())


def problem_codes_in_code() -> set[str]:
    """The third column of the table in problems.py, and what is written straight into `problem(…)`."""
    third = []
    for node in ast.walk(ast.parse((ROOT / "pds/http/problems.py").read_text("utf-8"))):
        if isinstance(node, ast.Tuple) and len(node.elts) == 3:
            third.append(node.elts[2])
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "problem":
            third.append(node.args[2])
    found = {each.value for each in third if isinstance(each, ast.Constant) and isinstance(each.value, str)}
    assert len(found) > 10
    return found | BY_THE_FRAMEWORK


def errors_page() -> dict[str, str]:
    """The text under each third-level heading of docs/errors.md, by heading."""
    parts = re.split(r"^### (.+)$", (ROOT / "docs/errors.md").read_text("utf-8"), flags=re.MULTILINE)
    assert len(parts[1::2]) == len(set(parts[1::2])), "an anchor stands twice"
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_code_is_explained_under_the_anchor_that_answers_link_to() -> None:
    page, codes = errors_page(), problem_codes_in_code()
    assert codes - page.keys() == set(), "docs/errors.md lacks these codes of the wallet's API"
    rules = {rule.replace("/", "-"): rule for rule in rules_in_code()}
    assert rules.keys() - page.keys() == set(), "docs/errors.md lacks these rules"
    unnamed = [anchor for anchor, rule in rules.items() if not page[anchor].strip().startswith(f"`{rule}`. ")]
    assert unnamed == [], "the text under a rule's anchor begins with the rule"
    assert page.keys() - rules.keys() - codes == set(), "docs/errors.md explains what nothing answers"


def test_every_rule_is_plain_text_in_the_code() -> None:
    """A rule that is put together from parts would escape the test above."""
    tails = set()
    for path in sorted((ROOT / "pds").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.JoinedStr) or len(node.values) != 2:
                continue
            first, last = node.values
            # An address begins with the issuer: `f"{issuer}/data"`.
            base = ast.unparse(first.value) if isinstance(first, ast.FormattedValue) else "issuer"
            tail = str(last.value) if isinstance(last, ast.Constant) else ""
            if re.fullmatch(r"/[a-z]+(?:-[a-z]+)*", tail) and "issuer" not in base:
                tails.add(tail)
    assert tails == PUT_TOGETHER.keys()


def test_every_oauth_error_is_explained() -> None:
    table = (ROOT / "docs/errors.md").read_text("utf-8")
    used = {
        text
        for name, text in literals()
        if name.startswith(("pds/oauth/", "pds/reads/", "pds/requests/")) and _OAUTH.fullmatch(text)
    }
    assert len(used) > 10
    assert {error for error in used if f"| `{error}` |" not in table} == set()


def test_every_setting_is_explained() -> None:
    sources = ["pds/settings.py", "pds/cli.py", "wallet_web/vite.config.ts", "compose.yaml", "Dockerfile"]
    names = {name for file in sources for name in re.findall(r"\bPDS_[A-Z_]+\b", (ROOT / file).read_text("utf-8"))}
    run = (ROOT / "docs/run.md").read_text("utf-8")
    explained = set(re.findall(r"^\| `(PDS_[A-Z_]+)`", run, flags=re.MULTILINE))
    assert "PDS_ISSUER" in names
    assert names - explained == set(), "docs/run.md lacks these settings"
    assert explained - names == set(), "docs/run.md explains settings that nothing reads"


def commands(parser: argparse.ArgumentParser, words: tuple[str, ...] = ("pds",)) -> Iterator[tuple[str, set[str]]]:
    """Every full command, such as `pds registrar sign`, with its long options."""
    options: set[str] = set()
    groups = []
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            groups.append(action)
        elif "--help" not in action.option_strings:
            options.update(each for each in action.option_strings if each.startswith("--"))
    if not groups:
        yield " ".join(words), options
    for group in groups:
        for name, inner in group.choices.items():
            yield from commands(inner, (*words, name))


def test_every_command_is_explained() -> None:
    from pds import cli

    run = (ROOT / "docs/run.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(pds [a-z]+(?: [a-z]+)?)[^|]*?` \|(.*)$", run, flags=re.MULTILINE))
    known = dict(commands(cli._parser()))
    assert rows.keys() == known.keys()
    for command, options in known.items():
        line = next(line for line in run.splitlines() if line.startswith(f"| `{command}"))
        assert {option for option in options if option not in line} == set(), command


def test_every_make_command_in_the_pages_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    for page in pages():
        text = page.read_text("utf-8")
        named = set(re.findall(r"(?:`|^ *(?:\$ )?)make ([a-z-]+)", text, flags=re.MULTILINE))
        assert named - targets == set(), relative(page)
    readme = (ROOT / "README.md").read_text("utf-8")
    assert {"make demo", "make test"} <= set(re.findall(r"make [a-z]+", readme))


def slug(heading: str) -> str:
    """The anchor that common renderers give a heading."""
    plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def without_code(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", list(pages()), ids=relative)
def test_every_link_leads_somewhere(page: Path) -> None:
    dead = []
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(page.read_text("utf-8"))):
        if re.match(r"[a-z][a-z0-9+.-]*:", target):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        if not there.exists():
            dead.append(target)
        elif anchor and there.suffix == ".md":
            headings = re.findall(r"^#+ (.+)$", without_code(there.read_text("utf-8")), flags=re.MULTILINE)
            if anchor not in {slug(heading) for heading in headings}:
                dead.append(target)
    assert dead == []


def test_every_page_of_docs_is_in_the_index() -> None:
    index = (ROOT / "docs/index.md").read_text("utf-8")
    linked = set(re.findall(r"\]\(([^)#\s]+)", index))
    here = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")} - {"index.md"}
    assert {page for page in here if page not in linked} == set()
