"""`hamn triage`: assess texts on the command line, as the service would; stores nothing, logs nothing."""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from intake.config import load, packaged_regions, parse_regions
from intake.store.corrections import Mended
from triage.assess import Knowledge, assess, load_knowledge
from triage.model import Assessment, Region, RegionName
from triage.route import region_of

FEWEST = 5
"""A smaller number of corrections is not told."""
_REPORT = "{:>6} {:9} {:5} {:34} {}"


def run_triage(options: argparse.Namespace) -> int:
    """JSON lines in, JSON lines out; a line that cannot be read is answered by its number, never repeated."""
    regions = load(options.config).regions if options.config else parse_regions(packaged_regions()["regions"])
    knowledge = load_knowledge()
    if options.explain is not None:
        sys.stdout.writelines(f"{line}\n" for line in explain(options.explain, knowledge, regions))
        return 0
    failed = False
    for number, line in enumerate(sys.stdin, 1):
        if not line.strip():
            continue
        try:
            answer = assess_line(json.loads(line), knowledge, regions)
        except (ValueError, KeyError, TypeError):
            sys.stderr.write(f"hamn: line {number} cannot be read\n")
            failed = True
            continue
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
    return 1 if failed else 0


def assess_line(line: Mapping[str, Any], knowledge: Knowledge, regions: Mapping[RegionName, Region]) -> dict[str, Any]:
    """The labels for one input line, `{"id", "text" or "parts", "channel"}`; shape as in the corpus' guide."""
    text = line["text"] if "text" in line else "\n".join(line["parts"])
    assessment = assess(text, knowledge)
    return {"id": line["id"], **labels(assessment, regions), "reasons": list(_reasons(text, assessment))}


def labels(assessment: Assessment, regions: Mapping[RegionName, Region]) -> dict[str, Any]:
    """An assessment as plain labels; the region by its shown name."""
    place = assessment.place
    region = region_of(place, regions)
    return {
        "kind": assessment.kind.value,
        "type": assessment.type.value,
        "urgency": assessment.urgency.value,
        "minor": assessment.minor.value,
        "county": place.county,
        "municipality": place.municipality,
        "region": None if region is None else regions[region].name,
        "lang": assessment.lang,
        "ads": list(assessment.ads),
        "pii": list(assessment.pii),
    }


def explain(text: str, knowledge: Knowledge, regions: Mapping[RegionName, Region]) -> Iterator[str]:
    """The same for people: each label, then each reason with the words it came from."""
    assessment = assess(text, knowledge)
    for name, value in labels(assessment, regions).items():
        yield f"{name:14}{value if value not in (None, []) else '-'}"
    yield ""
    for reason in _reasons(text, assessment):
        yield f"{reason['label']:28}{reason['rule']:36}{' | '.join(reason['words'])}"


def report(counts: Mapping[Mended, int]) -> Iterator[str]:
    """Where coordinators put triage right, for people: a line a label, language and rule, the most frequent first.

    All months together. A cell of fewer than `FEWEST` is not told exactly: it could be somebody's only case.
    """
    if not counts:
        yield "nothing was put right yet"
        return
    cells: Counter[tuple[str, ...]] = Counter()
    for one, number in counts.items():
        cells[one.label, one.lang, f"{one.said} -> {one.became}", one.rule] += number
    months = sorted({one.month for one in counts})
    yield f"{months[0]} to {months[-1]}"
    yield _REPORT.format("times", "label", "lang", "said -> became", "rule")
    for cell, number in sorted(cells.items(), key=lambda one: (-max(one[1], FEWEST - 1), one[0])):
        yield _REPORT.format(str(number) if number >= FEWEST else f"<{FEWEST}", *cell)


def _reasons(text: str, assessment: Assessment) -> Iterator[dict[str, Any]]:
    for reason in assessment.reasons:
        words = [text[span.start : span.end] for span in reason.spans]
        yield {"label": reason.label, "rule": reason.rule, "words": words}
