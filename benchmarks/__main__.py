"""Runs the benchmarks and shows what came out; knows which there are."""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import assessing, hooking, listing, nudging, receiving, sealing, stages, starting
from benchmarks.receiving import Effort
from benchmarks.rows import Row, save, show

_FULL = Effort(seconds=6, runs=3, reports=100_000)
_QUICK = Effort(seconds=2, runs=1, reports=2_000)


def main() -> None:
    """Run them all, or one group; each is written down as soon as it is measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small numbers: minutes instead of most of an hour")
    parser.add_argument("--only", choices=list(_groups(Path(), quick=True)))
    options = parser.parse_args()
    quick: bool = options.quick
    with tempfile.TemporaryDirectory(prefix="hamn-bench-") as name:
        groups = _groups(Path(name), quick=quick)
        for which in groups if options.only is None else (options.only,):
            rows = groups[which]()
            print(show(rows), flush=True)
            save(which, rows, quick=quick)


def _groups(folder: Path, *, quick: bool) -> dict[str, Callable[[], list[Row]]]:
    sizes = (1_000, 10_000, 100_000) if quick else (1_000, 100_000, 1_000_000)
    return {
        "receiving": lambda: receiving.measure(folder / "receiving", _QUICK if quick else _FULL),
        "assessing": lambda: assessing.measure(4 if quick else 20),
        "sealing": lambda: sealing.measure(5 if quick else 20),
        "listing": lambda: listing.measure(folder / "listing", sizes),
        "nudging": lambda: nudging.measure(folder / "nudging", sizes),
        "starting": lambda: starting.measure(folder / "starting", 1 if quick else 3),
        "hooking": lambda: hooking.measure(folder / "hooking", 200 if quick else 1_000, 300 if quick else 10_000),
        "stages": lambda: stages.measure(folder / "stages", 10 if quick else 40),
    }


if __name__ == "__main__":
    main()
