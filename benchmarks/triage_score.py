"""How often triage is right, on labelled messages: `python -m benchmarks.triage_score [CORPUS.jsonl …]`.

The measures are those of the labelling guide: right labels, acute cases and children found, places invented.
"""

import json
import math
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from intake.commands.triage import assess_line
from intake.config import packaged_regions, parse_regions
from triage.assess import load_knowledge

CORPORA = Path(__file__).parent.parent / "tests" / "triage" / "corpus"
LABELS = ("kind", "type", "urgency", "minor", "county", "municipality", "region", "lang")
IN_SHORT = ("kind", "type", "urgency", "minor", "region", "lang")
BURIED = ("normal", "low")

Row = tuple[Mapping[str, Any], Mapping[str, Any]]
"""A message's labels, and what triage said."""


def wilson(right: int, of: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % interval of a share, as Wilson has it."""
    if of == 0:
        return 0.0, 1.0
    share, spread = right / of, 1 + z * z / of
    centre = (share + z * z / (2 * of)) / spread
    half = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / spread
    return max(0.0, centre - half), min(1.0, centre + half)


def share(rows: Sequence[Row], holds: Callable[[Row], bool]) -> str:
    """How many rows hold, as a share with its interval."""
    right = sum(1 for row in rows if holds(row))
    if not rows:
        return "     -"
    low, high = wilson(right, len(rows))
    return f"{right / len(rows):6.1%}  {right:3d} of {len(rows):3d}   ({low:.0%} to {high:.0%})"


def score(rows: Sequence[Row]) -> Iterable[str]:
    """The table of one corpus, line by line."""
    for label in LABELS:
        yield f"{label + ' right':34}{share(rows, lambda row, label=label: row[0][label] == row[1][label])}"
    acute = [row for row in rows if row[0]["urgency"] == "acute"]
    children = [row for row in rows if row[0]["minor"] == "yes"]
    placed = [row for row in rows if row[0]["region"]]
    nowhere = [row for row in rows if not row[0]["region"]]
    yield f"{'acute found':34}{share(acute, lambda row: row[1]['urgency'] == 'acute')}"
    yield f"{'acute put at normal or low':34}{share(acute, lambda row: row[1]['urgency'] in BURIED)}"
    said = [row for row in rows if row[1]["urgency"] == "acute"]
    yield f"{'called acute and acute':34}{share(said, lambda row: row[0]['urgency'] == 'acute')}"
    yield f"{'children found':34}{share(children, lambda row: row[1]['minor'] == 'yes')}"
    yield f"{'region right where there is one':34}{share(placed, lambda row: row[0]['region'] == row[1]['region'])}"
    yield f"{'region invented where none is':34}{share(nowhere, lambda row: row[1]['region'] is not None)}"
    yield ""
    yield f"{'language':10}{'n':>4}  kind  type  urg.  minor region lang"
    by_language: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_language[row[0]["lang"]].append(row)
    for language, own in sorted(by_language.items(), key=lambda item: -len(item[1])):
        shares = [sum(row[0][label] == row[1][label] for row in own) / len(own) for label in IN_SHORT]
        yield f"{language:10}{len(own):4}  " + " ".join(f"{value:5.0%}" for value in shares)


def main(files: Sequence[str]) -> int:
    """Score each corpus; returns 0."""
    regions, knowledge = parse_regions(packaged_regions()["regions"]), load_knowledge()
    for file in [Path(name) for name in files] or [CORPORA / "dev.jsonl"]:
        messages = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        rows = [(message, assess_line(message, knowledge, regions)) for message in messages]
        print(f"{file.stem}: {len(rows)} messages\n")
        print("\n".join(score(rows)), end="\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
