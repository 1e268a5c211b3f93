"""A made-up photograph for the demo: a house at dusk with one window lit, drawn here, of no place and nobody."""

import io
from collections.abc import AsyncIterator

from PIL import Image, ImageDraw, ImageFilter

SIZE = (960, 640)
_DUSK, _GROUND, _WALL, _ROOF, _DARK, _LIT, _VAN = (
    (96, 112, 140),
    (52, 56, 54),
    (134, 110, 96),
    (70, 52, 50),
    (44, 46, 56),
    (240, 206, 130),
    (186, 190, 192),
)


def photograph() -> bytes:
    """A small JPEG, always the same."""
    picture = Image.new("RGB", SIZE, _DUSK)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 460, 960, 640), _GROUND)
    draw.rectangle((220, 240, 640, 500), _WALL)
    draw.polygon(((190, 240), (430, 110), (670, 240)), _ROOF)
    for left in (260, 390, 520):
        draw.rectangle((left, 300, left + 80, 390), _LIT if left == 390 else _DARK)
    draw.rounded_rectangle((640, 400, 900, 530), 18, _VAN)
    for middle in (700, 840):
        draw.ellipse((middle - 30, 500, middle + 30, 560), _DARK)
    blurred = picture.filter(ImageFilter.GaussianBlur(1.5))
    out = io.BytesIO()
    blurred.save(out, "JPEG", quality=80)
    return out.getvalue()


async def in_pieces(content: bytes) -> AsyncIterator[bytes]:
    """The photograph as an upload brings it."""
    yield content
