"""Serves a listener's few fixed files under names that hold their hash, to be kept for ever; knows no page."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources

from aiohttp import web

_TYPES = {"css": "text/css", "js": "text/javascript"}
_FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file in memory, and the path it is served at."""

    path: str
    content_type: str
    body: bytes = field(repr=False)

    async def serve(self, _: web.Request) -> web.Response:
        """Answer with the file."""
        headers = {"Cache-Control": _FOR_EVER}
        return web.Response(body=self.body, content_type=self.content_type, charset="utf-8", headers=headers)


def load_assets(package: str, *names: str) -> Mapping[str, Asset]:
    """Read files of `package`'s folder `static`, by name. An unknown one is a `FileNotFoundError`, at start-up."""
    return {name: _load(package, name) for name in names}


def _load(package: str, name: str) -> Asset:
    body = resources.files(package).joinpath("static", name).read_bytes()
    stem, _, kind = name.rpartition(".")
    return Asset(f"/static/{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{kind}", _TYPES[kind], body)
