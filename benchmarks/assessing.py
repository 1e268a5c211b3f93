"""What assessing a message costs: processor time by length and script, memory, and the first second; row (t)."""

import gc
import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from time import process_time

from benchmarks.rows import Row
from benchmarks.texts import ordinary_texts
from tests.processes import ROOT
from triage.assess import Knowledge, assess, load_knowledge
from triage.words import cut

_LENGTHS = (160, 400, 5_000, 20_000)
_SCRIPTS = {"ar": "Arabic", "ru": "Cyrillic", "am": "Ethiopic", "th": "Thai", "zh": "Chinese"}
_CORPUS = Path(ROOT) / "tests" / "triage" / "corpus" / "dev.jsonl"
_WORST = ("i Lund, ", "am 15 ", "222 22 ", "a-", "me ")
"""What took seconds once: a name, an age, a number, a joined word or a pronoun, again and again."""


def measure(rounds: int) -> list[Row]:
    """Assessing against cutting the same text into words, which nothing here can do without."""
    knowledge = load_knowledge().ready()
    texts = {f"{length:,} characters of Swedish": _ordinary(length) for length in _LENGTHS}
    texts |= {f"400 characters of {name}": _written_in(lang) for lang, name in _SCRIPTS.items()}
    texts["20,000 characters, the worst known"] = [(worst * 20_000)[:20_000] for worst in _WORST]
    rows = [_row(what, group, knowledge, rounds) for what, group in texts.items()]
    return [*rows, *_starting(max(1, rounds // 10))]


def _row(what: str, texts: Sequence[str], knowledge: Knowledge, rounds: int) -> Row:
    whole = _typical(lambda text: assess(text, knowledge), texts, rounds)
    cutting = _typical(cut, texts, rounds)
    return Row("t", what, whole, "µs", "cutting it into words", cutting)


def _typical(work: Callable[[str], object], texts: Iterable[str], rounds: int) -> float:
    """Microseconds of processor for the median text, each in its best round: whoever disturbs only ever slows it."""
    best = (min(_seconds(work, text) for _ in range(_rounds(text, rounds))) for text in texts)
    return 1e6 * statistics.median(best)


def _rounds(text: str, rounds: int) -> int:
    """Fewer for long texts, which disturbances hit less."""
    return max(2, rounds * 400 // max(400, len(text)))


def _seconds(work: Callable[[str], object], text: str) -> float:
    began = process_time()
    work(text)
    return process_time() - began


def _ordinary(length: int) -> list[str]:
    """Four texts as long as that, of the made-up reports."""
    reports = ordinary_texts(240)
    return [" ".join(reports[start::4])[:length] for start in range(4)]


def _written_in(lang: str) -> list[str]:
    """The labelled messages of a language, repeated up to 400 characters."""
    messages = [json.loads(line) for line in _CORPUS.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [(f"{message['text']} " * 20)[:400] for message in messages if message["lang"] == lang]


_READ = """
import time
before = time.process_time()
from triage.assess import load_knowledge
{ready}
took = time.process_time() - before
print(took, next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def _starting(runs: int) -> list[Row]:
    """Reading all that triage knows in a fresh process, against importing it alone."""
    imported, small = _fresh("", runs)
    rows = []
    for what, ready in {
        "read the places": "load_knowledge().gazetteer",
        "read the lexicons": "load_knowledge().lexicons",
        "read the model of languages": "load_knowledge().tongues",
        "read the weights of examples": "load_knowledge().learned",
        "read everything": "load_knowledge().ready()",
    }.items():
        seconds, kilobytes = _fresh(ready, runs)
        rows.append(Row("t", f"{what}: processor", seconds, "s", "import alone", imported))
        rows.append(Row("t", f"{what}: most memory", kilobytes / 1024, "MB", "import alone", small / 1024))
    return rows


def _fresh(ready: str, runs: int) -> tuple[float, float]:
    """The least seconds of processor, and the kilobytes at most, of fresh processes."""
    gc.collect()
    command = [sys.executable, "-c", _READ.format(ready=ready)]
    said = [subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout for _ in range(runs)]
    pairs = [tuple(map(float, line.split())) for line in said]
    return min(pair[0] for pair in pairs), max(pair[1] for pair in pairs)
