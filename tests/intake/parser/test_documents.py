"""A PDF that leaves the parser shows its pages and does nothing."""

import io

import pikepdf
import pytest

from intake.parser.documents import rebuild, without_traces
from intake.parser.run import clean
from intake.parser.verdict import Refusal, refusal_line
from tests.intake.parser.samples import MARK, jpeg, pdf


def unpacked(content: bytes) -> bytes:
    """The document with nothing packed, so that every word in it can be searched."""
    target = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as opened:
        opened.save(
            target,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            compress_streams=False,
        )
    return target.getvalue()


@pytest.mark.parametrize(
    "word",
    [b"JavaScript", b"app.alert", b"Launch", b"kanarie", b"EmbeddedFile", b"/Annots", b"/AA", b"/Metadata", MARK],
)
def test_what_acts_or_tells_who_made_it_is_gone(word: bytes):
    assert word in unpacked(pdf()), "the sample lacks it"
    assert word not in unpacked(rebuild(pdf()))


def test_what_one_sees_stays():
    with pikepdf.open(io.BytesIO(rebuild(pdf()))) as made:
        (page,) = made.pages
        drawn = b"".join(one.read_bytes() for one in page.obj.Contents)
        picture = page.obj.Resources.XObject.Im0
        assert b"/Im0 Do" in drawn
        assert pikepdf.PdfImage(picture).as_pil_image().size == (96, 64)
    assert b"0 0 5 5 re f" in unpacked(rebuild(pdf()))


def test_a_picture_inside_loses_its_traces_and_no_pixel():
    whole = jpeg()
    left = without_traces(whole)
    assert MARK in whole
    assert MARK not in left
    assert whole.endswith(left[-200:])


@pytest.mark.parametrize("broken", [b"", b"\xff", b"\xff\xd8", b"\xff\xd8\xff\xe1", b"\xff\xd8\xff\xe1\0\0", b"no"])
def test_a_broken_picture_inside_stops_nothing(broken: bytes):
    assert len(without_traces(broken)) <= len(broken)


REFUSED = {
    "locked": (pdf(password="kanarie"), Refusal.LOCKED),
    "a mere beginning": (b"%PDF-1.7\n", Refusal.DAMAGED),
    "no document at all": (b"%PDF-<script>alert(1)</script>", Refusal.DAMAGED),
    "a page without a document": (b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<</Root 1 0 R>>", Refusal.DAMAGED),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_readable_document_is_refused_with_a_reason(name: str):
    content, reason = REFUSED[name]
    assert clean(content) == (refusal_line(reason),)


def test_what_hangs_behind_a_document_is_not_in_the_new_one():
    assert b"<script>" not in rebuild(pdf() + b"<script>alert(1)</script>")
