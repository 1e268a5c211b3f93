"""The parser as a process: a file comes in on the pipe, a verdict and a clean file go out; keeps and logs nothing."""

import sys

from intake.parser.confine import confine
from intake.parser.documents import SIGN, rebuild
from intake.parser.pictures import draw_anew, picture_kind, prepare
from intake.parser.verdict import Media, Refusal, Refused, refusal_line, verdict_line

LARGEST_CONTENT = 20 * 1024 * 1024


def main() -> None:
    """Read the file to its end, shut in, and answer."""
    prepare()
    confine()
    answer = clean(sys.stdin.buffer.read(LARGEST_CONTENT + 1))
    for piece in answer:
        sys.stdout.buffer.write(piece)
    sys.stdout.buffer.flush()


def clean(content: bytes) -> tuple[bytes, ...]:
    """The verdict on a file, and where it is a good one the clean file."""
    try:
        kind, made, result = _cleaned(content)
    except Refused as refused:
        return (refusal_line(refused.reason),)
    except MemoryError:
        return (refusal_line(Refusal.TOO_LARGE),)
    except Exception:  # noqa: BLE001 - decoders fail with whatever they like; each failure means the same
        return (refusal_line(Refusal.DAMAGED),)
    return verdict_line(kind, made), result


def _cleaned(content: bytes) -> tuple[Media, Media, bytes]:
    if len(content) > LARGEST_CONTENT:
        raise Refused(Refusal.TOO_LARGE)
    if content.startswith(SIGN):
        return Media.PDF, Media.PDF, rebuild(content)
    kind = picture_kind(content)
    if kind is None:
        raise Refused(Refusal.UNKNOWN_TYPE)
    return kind, *draw_anew(content, kind)
