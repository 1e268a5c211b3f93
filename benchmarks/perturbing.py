"""How often a label changes when a message is written otherwise: `python -m benchmarks.perturbing [CORPUS.jsonl …]`.

What triage says is held against what it says of the text as it stands, not against what is right.
"""

import json
import random
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

from benchmarks.perturbations import PERTURBATIONS, Perturbation
from benchmarks.triage_score import BURIED, CORPORA, IN_SHORT
from intake.commands.triage import labels
from intake.config import packaged_regions, parse_regions
from triage.assess import Knowledge, assess, load_knowledge
from triage.combine import combine
from triage.model import Assessment, Region, RegionName, Urgency

_URGENCIES = tuple(Urgency)
_COLUMNS = ("n", *IN_SHORT, "less urgent", "acute, now high", "acute, now below")


@dataclass(frozen=True, slots=True)
class Reader:
    """Triage with the regions of the package, as the service has it."""

    knowledge: Knowledge
    regions: Mapping[RegionName, Region]

    def read(self, messages: Sequence[str], *, apart: bool = False) -> Mapping[str, Any]:
        """The labels of one case. What comes within minutes is read together; what comes later is a follow-up."""
        if not apart:
            return labels(assess("\n".join(messages), self.knowledge), self.regions)
        return labels(reduce(combine, self._one_by_one(messages)), self.regions)

    def _one_by_one(self, messages: Sequence[str]) -> Iterator[Assessment]:
        for number, message in enumerate(messages):
            yield assess(message, self.knowledge, follow_up=number > 0)


@dataclass(frozen=True, slots=True)
class Pair:
    """What triage says of a message, and of the same one written otherwise."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def changed(self, label: str) -> bool:
        """Whether a label is another."""
        return bool(self.before[label] != self.after[label])

    @property
    def sank(self) -> bool:
        """Whether it is read later than it would have been."""
        return _URGENCIES.index(self.after["urgency"]) > _URGENCIES.index(self.before["urgency"])


def load_reader(knowledge: Knowledge | None = None) -> Reader:
    """Everything read from the package, but for what is known already."""
    return Reader(knowledge or load_knowledge(), parse_regions(packaged_regions()["regions"]))


def text_of(message: Mapping[str, Any]) -> str:
    """The text of a line of a corpus."""
    return str(message["text"]) if "text" in message else "\n".join(message["parts"])


def pairs(
    texts: Iterable[str], perturbation: Perturbation, reader: Reader, known: dict[str, Mapping[str, Any]]
) -> list[Pair]:
    """Each text before and after; `known` keeps what was said of it before, and chance hangs on its number alone."""
    found = []
    for number, text in enumerate(texts):
        before = known[text]
        if perturbation.placed and before["county"] is None:
            continue
        messages = perturbation.change(text, before["lang"], random.Random(number))
        if messages:
            found.append(Pair(before, reader.read(messages, apart=perturbation.apart)))
    return found


def table(texts: Sequence[str], reader: Reader) -> Iterator[str]:
    """The table in Markdown, line by line."""
    known: dict[str, Mapping[str, Any]] = {text: reader.read((text,)) for text in texts}
    yield f"| written otherwise | {' | '.join(_COLUMNS)} |"
    yield "|---" * (1 + len(_COLUMNS)) + "|"
    for perturbation in PERTURBATIONS:
        yield _line(perturbation.name, pairs(texts, perturbation, reader, known))


def _line(name: str, found: Sequence[Pair]) -> str:
    acute = [pair.after["urgency"] for pair in found if pair.before["urgency"] == Urgency.ACUTE]
    changed = [_share(sum(pair.changed(label) for pair in found), len(found)) for label in IN_SHORT]
    high, buried = acute.count(Urgency.HIGH), sum(urgency in BURIED for urgency in acute)
    sank = _share(sum(pair.sank for pair in found), len(found))
    cells = (name, str(len(found)), *changed, sank, f"{high} of {len(acute)}", f"{buried} of {len(acute)}")
    return f"| {' | '.join(cells)} |"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def main(files: Sequence[str]) -> int:
    """The table of all the messages of the files together; returns 0."""
    paths = [Path(name) for name in files] or [CORPORA / "dev.jsonl", CORPORA / "seen.jsonl"]
    lines = [line for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    texts = [text_of(json.loads(line)) for line in lines]
    print("\n".join(table(texts, load_reader())))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
