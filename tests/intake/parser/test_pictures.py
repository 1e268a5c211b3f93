"""A picture that leaves the parser shows what it showed and tells nothing else."""

import io

import pytest
from PIL import Image

from intake.parser.pictures import draw_anew, picture_kind
from intake.parser.run import clean
from intake.parser.verdict import Media, Refusal, refusal_line
from tests.intake.parser.samples import HEIC, MARK, PICTURES, jpeg, jpeg_bomb, png, png_bomb, text_bomb, webp


def seen(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("name", PICTURES)
def test_place_make_and_comments_are_gone(name: str):
    sent = PICTURES[name]
    assert MARK in sent
    made, content = draw_anew(sent, Media(name))
    left = seen(content)
    assert MARK not in content
    assert not left.getexif()
    assert set(left.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "background", "loop"}
    assert left.format == made.upper()


@pytest.mark.parametrize(("turned", "size"), [(1, (96, 64)), (3, (96, 64)), (6, (64, 96)), (8, (64, 96))])
def test_a_turned_picture_stands_upright_without_the_tag(turned: int, size: tuple[int, int]):
    assert seen(draw_anew(jpeg(turned), Media.JPEG)[1]).size == size


def test_what_is_seen_through_stays_so():
    assert seen(draw_anew(png(), Media.PNG)[1]).getpixel((0, 0))[3] == 0


def test_what_hangs_behind_a_picture_is_not_in_the_new_one():
    for whole, kind in ((jpeg(), Media.JPEG), (png(), Media.PNG), (webp(), Media.WEBP)):
        assert b"<script>" not in draw_anew(whole + b"PK\x03\x04<script>", kind)[1]


def test_only_the_first_picture_of_several_is_kept():
    moving = io.BytesIO()
    seen(jpeg()).save(moving, "WEBP", save_all=True, append_images=[seen(png()).convert("RGB")] * 3)
    assert getattr(seen(draw_anew(moving.getvalue(), Media.WEBP)[1]), "n_frames", 1) == 1


REFUSED = {
    "a bomb of pixels (PNG)": (png_bomb(60_000), Refusal.TOO_LARGE),
    "a bomb of pixels (JPEG)": (jpeg_bomb(), Refusal.TOO_LARGE),
    "a little too many pixels": (png_bomb(7_300), Refusal.TOO_LARGE),
    "a bomb of text": (text_bomb(), Refusal.DAMAGED),
    "cut short (JPEG)": (jpeg()[:-200], Refusal.DAMAGED),
    "cut short (PNG)": (png()[:-40], Refusal.DAMAGED),
    "cut short (WebP)": (webp()[:-40], Refusal.DAMAGED),
    "cut short (HEIC)": (HEIC[:-100], Refusal.DAMAGED),
    "a mere beginning": (b"\xff\xd8\xff", Refusal.DAMAGED),
    "nothing": (b"", Refusal.UNKNOWN_TYPE),
    "a script in a picture": (
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
        Refusal.UNKNOWN_TYPE,
    ),
    "a page": (b"<!doctype html><script>1</script>", Refusal.UNKNOWN_TYPE),
    "a program": (b"MZ" + bytes(500), Refusal.UNKNOWN_TYPE),
    "an archive": (b"PK\x03\x04" + bytes(500), Refusal.UNKNOWN_TYPE),
    "a GIF": (b"GIF89a" + bytes(500), Refusal.UNKNOWN_TYPE),
    "a film that begins like HEIC": (b"\0\0\0\x18ftypmp42" + bytes(500), Refusal.UNKNOWN_TYPE),
    "a page behind a picture's first bytes": (b"\xff\xd8\xff<script>1</script>", Refusal.DAMAGED),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_whole_picture_is_refused_with_a_reason(name: str):
    content, reason = REFUSED[name]
    assert clean(content) == (refusal_line(reason),)


def test_the_kind_is_read_from_the_content_alone():
    assert {name: picture_kind(content) for name, content in PICTURES.items()} == {m: m for m in PICTURES}
