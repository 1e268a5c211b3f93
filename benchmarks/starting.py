"""How long it takes from nothing to `ready`; row (f)."""

import statistics
import subprocess
import sys
from collections.abc import Sequence
from os import environ
from pathlib import Path
from time import perf_counter

from benchmarks.rows import Row
from tests.ports import free_ports
from tests.processes import ROOT


def measure(folder: Path, runs: int) -> list[Row]:
    """Imports alone, a demo from an empty folder, and the same demo again, against an interpreter that does nothing."""
    folder.mkdir()
    nothing = statistics.median(_seconds(["-c", "pass"], folder) for _ in range(runs))
    imports = statistics.median(_seconds(["-c", "import intake.__main__"], folder) for _ in range(runs))
    fresh = statistics.median(_until_ready(folder, "--fresh") for _ in range(runs))
    again = statistics.median(_until_ready(folder) for _ in range(runs))
    found = {"import": imports, "demo, first time, to ready": fresh, "demo, again, to ready": again}
    return [Row("f", what, value, "s", "python -c pass", nothing) for what, value in found.items()]


def _seconds(arguments: Sequence[str], folder: Path) -> float:
    began = perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=folder, env=_environment(), check=True)
    return perf_counter() - began


def _until_ready(folder: Path, *arguments: str) -> float:
    port = _three_in_a_row()
    command = [sys.executable, "-m", "intake", "demo", "--port", str(port), *arguments]
    began = perf_counter()
    demo = subprocess.Popen(command, cwd=folder, env=_environment(), stdout=subprocess.PIPE, text=True)
    assert demo.stdout is not None
    ready = any(line == "ready\n" for line in demo.stdout)
    took = perf_counter() - began
    demo.terminate()
    demo.wait()
    if not ready:
        raise RuntimeError("the demo ended before it was ready")
    return took


def _three_in_a_row() -> int:
    """A port after which two more are most likely free."""
    return next(port for port in free_ports(20) if port < 60_000)


def _environment() -> dict[str, str]:
    return {**environ, "PYTHONPATH": str(ROOT)}
