"""What the documentation says holds a promise is there: every test that docs/public-pages.md names."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.parsing import tree_of

TESTS = Path(__file__).parent / "intake"
PAGE = TESTS.parent.parent / "docs" / "public-pages.md"


def named() -> Iterator[tuple[str, str]]:
    """Each test file of the page with the names behind it: whole, or begun and left off with three dots."""
    for file, behind in re.findall(r"`([\w./]*test_\w+\.py)`([^`|]*)", PAGE.read_text(encoding="utf-8")):
        yield file, "test_…"
        yield from ((file, f"test_{name}") for name in re.findall(r"\b(?:test_)?([a-z0-9]+_\w+…?)", behind))


def is_there(file: str, name: str) -> bool:
    beginning, left_off, _ = name.partition("…")
    functions = [one for one in tree_of(TESTS / file).body if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)]
    return any(one.name.startswith(beginning) if left_off else one.name == name for one in functions)


def test_every_test_that_is_said_to_hold_a_promise_exists() -> None:
    assert len(list(named())) > 100
    assert [one for one in named() if not is_there(*one)] == []
