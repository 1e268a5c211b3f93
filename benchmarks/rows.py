"""The table of results: a figure, what it is measured against, and the ratio; knows no benchmark."""

import json
import os
import platform
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. `ratio` is value by baseline: what lasts when machines change."""

    group: str
    what: str
    value: float
    unit: str
    baseline: str
    baseline_value: float

    @property
    def ratio(self) -> float:
        """How many baselines."""
        return self.value / self.baseline_value


def show(rows: Iterable[Row]) -> str:
    """The rows as a table of fixed width."""
    lines = [f"{'':3} {'what':58} {'value':>10} {'unit':14} {'ratio':>8}  to"]
    lines += [
        f"{row.group:3} {row.what:58} {_short(row.value):>10} {row.unit:14} {_short(row.ratio):>8}"
        f"  {row.baseline} ({_short(row.baseline_value)})"
        for row in rows
    ]
    return "\n".join(lines)


def save(name: str, rows: Sequence[Row], *, quick: bool) -> None:
    """Write one group down beside this file, in the place of what stood there; what another machine measured goes."""
    groups = _groups_of_this_machine()
    groups[name] = {"quick": quick, "rows": [asdict(row) | {"ratio": round(row.ratio, 4)} for row in rows]}
    document = {"machine": _machine(), "groups": groups}
    RESULTS.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _groups_of_this_machine() -> dict[str, Any]:
    kept = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    groups: dict[str, Any] = kept["groups"] if kept.get("machine") == _machine() else {}
    return groups


def _machine() -> dict[str, str | int | None]:
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
    }


def _short(number: float) -> str:
    if number >= 100:
        return f"{number:,.0f}"
    return f"{number:.2f}" if number >= 0.1 else f"{number:.4f}"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())
