"""Rebuilds a PDF from its pages alone: no scripts, actions, files inside, no traces of its maker; knows no case."""

from collections.abc import Iterator
from io import BytesIO

from pikepdf import (
    Array,
    DataDecodingError,
    Dictionary,
    Name,
    Object,
    ObjectStreamMode,
    PasswordError,
    Pdf,
    PdfError,
    Stream,
    StreamDecodeLevel,
)

from intake.parser.verdict import Refusal, Refused

SIGN = b"%PDF-"
MOST_PAGES = 2000
_MOST_OBJECTS = 300_000

_KEPT_OF_A_PAGE = frozenset(
    {"/Type", "/Parent", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents", "/Group"}
)
"""A page shows what it shows by these; everything else on it acts, points elsewhere or tells of its making."""

_DROPPED = frozenset(
    {
        *("/Metadata", "/PieceInfo", "/LastModified", "/Info", "/Creator", "/CreationInfo", "/ID", "/StructParent"),
        *("/A", "/AA", "/OpenAction", "/JS", "/JavaScript", "/Launch", "/URI", "/AF", "/EF", "/EmbeddedFiles"),
        *("/OPI", "/PS", "/Level1", "/RichMediaContent", "/Measure", "/PtData", "/StructParents", "/Alternates"),
    }
)
_JPEG_START, _JPEG_SCAN = b"\xff\xd8", 0xDA
_JPEG_KEPT = frozenset({0xE0, 0xEE})
"""JFIF and Adobe: without them the colours are wrong. All other application segments and comments go."""


def rebuild(content: bytes) -> bytes:
    """The same pages in a new document. Raises `Refused`."""
    try:
        with Pdf.open(BytesIO(content), suppress_warnings=True) as opened:
            return _rebuilt(opened)
    except PasswordError:
        raise Refused(Refusal.LOCKED) from None
    except (PdfError, DataDecodingError):
        raise Refused(Refusal.DAMAGED) from None


def without_traces(picture: bytes) -> bytes:
    """A JPEG that stands in a document, without its Exif, comments and maker's notes; the picture stays bit by bit."""
    if not picture.startswith(_JPEG_START):
        return picture
    return _JPEG_START + b"".join(_segments(picture))


def _rebuilt(opened: Pdf) -> bytes:
    if not 0 < len(opened.pages) <= MOST_PAGES:
        raise Refused(Refusal.TOO_LARGE if opened.pages else Refusal.DAMAGED)
    # What was filled into a form becomes part of the page, for forms go.
    opened.flatten_annotations("all")
    made = Pdf.new()
    for page in opened.pages:
        made.pages.append(page)
    for page in made.pages:
        _keep(page.obj)
    made.remove_unreferenced_resources()
    for number, thing in enumerate(made.objects):
        if number > _MOST_OBJECTS:
            raise Refused(Refusal.TOO_LARGE)
        _strip(thing)
    target = BytesIO()
    made.save(
        target,
        object_stream_mode=ObjectStreamMode.generate,
        stream_decode_level=StreamDecodeLevel.none,
        deterministic_id=True,
    )
    return target.getvalue()


def _keep(page: Object) -> None:
    for key in set(page.keys()) - _KEPT_OF_A_PAGE:
        del page[key]


def _strip(thing: Object) -> None:
    """Take out what is not for the eye, in this object and in the direct ones within it."""
    waiting = [thing]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Stream):
            _strip_stream(one)
        if isinstance(one, Dictionary | Stream):
            for key in _DROPPED & set(one.keys()):
                del one[key]
        waiting += [inner for inner in _inside(one) if isinstance(inner, Array | Dictionary) and not inner.is_indirect]


def _inside(thing: Object) -> Iterator[Object]:
    if isinstance(thing, Array):
        yield from thing
    elif isinstance(thing, Dictionary | Stream):
        yield from (value for _, value in thing.items())


def _strip_stream(stream: Stream) -> None:
    if stream.get(Name.Subtype) == Name.PS:
        stream.write(b"")
    if stream.get(Name.Filter) in (Name.DCTDecode, Array([Name.DCTDecode])):
        given = stream.get(Name.DecodeParms)
        parameters = given if isinstance(given, Dictionary | Array) else None
        stream.write(without_traces(stream.read_raw_bytes()), filter=Name.DCTDecode, decode_parms=parameters)


def _segments(picture: bytes) -> Iterator[bytes]:
    at = len(_JPEG_START)
    while at + 4 <= len(picture) and picture[at] == 0xFF and picture[at + 1] != _JPEG_SCAN:
        marker, length = picture[at + 1], int.from_bytes(picture[at + 2 : at + 4])
        if marker in _JPEG_KEPT or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            yield picture[at : at + 2 + length]
        at += 2 + max(length, 2)
    yield picture[at:]
