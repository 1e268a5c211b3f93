"""A file as it came in: on disk only sealed, under a key that only this process holds, nameless; knows no case."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile

from intake.vault.stream import StreamSealer, new_stream_key, open_stream

_BOUND = "spool"
_PIECE = 64 * 1024


class Spool:
    """Grows while a file comes in, is read once it is whole. A crash leaves nothing that has a name or opens."""

    def __init__(self, folder: Path) -> None:
        """Begin an empty one. Raises `OSError`."""
        self.size = 0
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115 - closed by `close`
        self._key = new_stream_key()
        self._sealer = StreamSealer(self._key, _BOUND)

    def add(self, content: bytes) -> None:
        """Seal the next bytes. Raises `OSError`."""
        self._file.write(self._sealer.update(content))
        self.size += len(content)

    def finish(self) -> None:
        """Nothing more comes. Raises `OSError`."""
        self._file.write(self._sealer.finish())

    def read(self) -> Iterator[bytes]:
        """The content from its beginning, as often as it is needed. Raises `Tampered`, `OSError`."""
        self._file.seek(0)
        return open_stream(self._key, iter(lambda: self._file.read(_PIECE), b""), _BOUND)

    def close(self) -> None:
        """Let the bytes go; without the key, which goes too, they say nothing."""
        self._file.close()
