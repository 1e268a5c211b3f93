"""For developers: write the next database revision out of what the schema has and the revisions lack; no live data."""

import asyncio
import sys
import tempfile
from pathlib import Path

from intake.store.migrate import revise, upgrade


def main(arguments: list[str]) -> int:
    """Take the revision's one-line reason; returns the exit status. Read what it wrote, then put it into shape."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m intake.store.revise 'why, in a few words'\n")
        return 2
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_write(f"sqlite:///{Path(folder) / 'empty.db'}", arguments[0]))
    return 0


async def _write(url: str, reason: str) -> None:
    await upgrade(url)
    await revise(url, reason)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
