"""Draws a picture anew, so that nothing of the file is left but what one sees; knows no case.

Place, device, comments, previews, later frames and whatever hangs behind the picture stay in the file that came.
"""

import warnings
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import pi_heif
from PIL import Image, ImageOps

from intake.parser.verdict import Media, Refusal, Refused

MOST_PIXELS = 52_000_000
"""A phone's largest ordinary pictures have 50 million; each costs some bytes of memory."""

_SIGNS: tuple[tuple[Media, int, tuple[bytes, ...]], ...] = (
    (Media.JPEG, 0, (b"\xff\xd8\xff",)),
    (Media.PNG, 0, (b"\x89PNG\r\n\x1a\n",)),
    (Media.WEBP, 8, (b"WEBP",)),
    (
        Media.HEIC,
        4,
        tuple(b"ftyp" + brand for brand in (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1", b"hevc")),
    ),
)
_OPENS_AS: Mapping[Media, str] = {Media.JPEG: "JPEG", Media.PNG: "PNG", Media.WEBP: "WEBP", Media.HEIC: "HEIF"}
_ORIENTATION = 0x0112
_MADE: Mapping[Media, Media] = {Media.HEIC: Media.JPEG}
_SAVED: Mapping[Media, Mapping[str, Any]] = {
    Media.JPEG: {"format": "JPEG", "quality": 90},
    Media.PNG: {"format": "PNG", "compress_level": 6},
    Media.WEBP: {"format": "WEBP", "quality": 92, "method": 2},
}


def prepare() -> None:
    """Load what decoding needs, before no file can be opened any more: by decoding a little of each kind."""
    pi_heif.register_heif_opener(thumbnails=False, decode_threads=1)
    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    turned = Image.Exif()
    turned[_ORIENTATION] = 6
    for media, how in _SAVED.items():
        sample = BytesIO()
        Image.new("RGB", (2, 1)).save(sample, **how, exif=turned)
        draw_anew(sample.getvalue(), media)


def picture_kind(content: bytes) -> Media | None:
    """What kind of picture the first bytes say it is; None for none that is taken in."""
    found = (kind for kind, at, signs in _SIGNS if content[at : at + 12].startswith(signs))
    return next(found, None)


def draw_anew(content: bytes, kind: Media) -> tuple[Media, bytes]:
    """The picture alone, upright, and the kind of file it is now. Raises `Refused`."""
    made = _MADE.get(kind, kind)
    try:
        seen = _what_one_sees(content, kind, made)
        # A new picture: what the old one carries besides its pixels is not copied.
        drawn = Image.new(seen.mode, seen.size)
        drawn.paste(seen)
        del seen
        return made, _save(drawn, made)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError):
        raise Refused(Refusal.TOO_LARGE) from None


def _what_one_sees(content: bytes, kind: Media, made: Media) -> Image.Image:
    with Image.open(BytesIO(content), formats=[_OPENS_AS[kind]]) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise Refused(Refusal.TOO_LARGE)
        opened.load()
        ImageOps.exif_transpose(opened, in_place=True)
        see_through = made is not Media.JPEG and opened.has_transparency_data
        return opened.convert("RGBA" if see_through else "RGB")


def _save(picture: Image.Image, media: Media) -> bytes:
    target = BytesIO()
    picture.save(target, **_SAVED[media])
    return target.getvalue()
