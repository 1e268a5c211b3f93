"""Imports go downwards only: the house plan of docs/architecture.md, walked through every file."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.parsing import tree_of

ROOT = Path(__file__).parent.parent

FLOORS: list[set[str]] = [
    {"bridges", "triage", "intake.parser"},
    {
        "intake.crowd",
        "intake.logs",
        "intake.model",
        "intake.phrases",
        "intake.sections",
        "intake.turns",
        "intake.underway",
    },
    {"intake.config", "intake.contact", "intake.signs", "intake.vault"},
    {"intake.crew", "intake.store"},
    {"intake.service"},
    {
        "intake.addressbook",
        "intake.audit",
        "intake.due",
        "intake.journal",
        "intake.passkeys",
        "intake.reading",
        "intake.retention",
        "intake.sealing",
        "intake.statistics",
    },
    {"intake.identifiers", "intake.register"},
    {"intake.filing", "intake.notices", "intake.promise"},
    {
        "intake.attachments",
        "intake.receive",
        "intake.mailbox",
        "intake.reply",
        "intake.casework",
        "intake.login",
        "intake.people",
        "intake.upkeep",
    },
    {
        "intake.account",
        "intake.arrival",
        "intake.backup",
        "intake.casefile",
        "intake.nudging",
        "intake.reaching",
    },
    {"intake.outbox"},
    {"intake.pages", "intake.listener"},
    {"intake.web", "intake.inbox", "intake.ops", "intake.clock", "intake.ways"},
    {"intake.app"},
    {"intake.commands", "intake.demo"},
    {"intake.__main__"},
]
"""The ground first. Rooms of one floor do not know each other, but for the uses of a use case named below."""

NEIGHBOURS = {("intake.people", "intake.login")}
"""Joining stores a login under the same index that logging in looks it up by."""

FILES = [path for package in ("bridges", "triage", "intake") for path in sorted((ROOT / package).rglob("*.py"))]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def room_of(module: str) -> str | None:
    """The room a module lies in, None for what is not ours."""
    rooms = [room for floor in FLOORS for room in floor if f"{module}.".startswith(f"{room}.")]
    return max(rooms, key=len) if rooms else None


def floor_of(room: str) -> int:
    return next(number for number, floor in enumerate(FLOORS) if room in floor)


def imports_of(path: Path) -> Iterator[str]:
    """Everything a file imports, inside functions too; `from a import b` counts as a.b and as a."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_a_file_imports_only_what_lies_below_its_floor(path: Path) -> None:
    module = module_of(path)
    if module == "intake":
        return
    room = room_of(module)
    assert room is not None, f"{module} has no floor: give it one in FLOORS and in docs/architecture.md"
    for imported in imports_of(path):
        other = room_of(imported)
        if other is None:
            assert not imported.startswith(("intake", "triage", "bridges")) or imported.startswith("intake."), imported
            continue
        if other != room and (room, other) not in NEIGHBOURS:
            assert floor_of(other) < floor_of(room), f"{module} must not know {imported}"


def test_every_room_of_the_plan_is_there() -> None:
    rooms = {room_of(module_of(path)) for path in FILES}
    assert rooms >= {room for floor in FLOORS for room in floor}


def test_the_leaves_are_blind() -> None:
    for path in FILES:
        package = module_of(path).split(".")[0]
        if package != "intake":
            ours = {name for name in imports_of(path) if name.split(".")[0] in ("bridges", "triage", "intake")}
            assert all(name.split(".")[0] == package for name in ours), path


def test_no_file_imports_inside_a_function() -> None:
    for path in FILES:
        tree = tree_of(path)
        functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
        inside = [n for f in functions for n in ast.walk(f) if isinstance(n, ast.Import | ast.ImportFrom)]
        assert not inside, path


def test_the_plan_in_the_documentation_is_this_one() -> None:
    plan = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for number, floor in enumerate(FLOORS, 1):
        rooms = ", ".join(f"`{room}`" for room in sorted(floor))
        assert f"| {number} | {rooms} |" in plan
