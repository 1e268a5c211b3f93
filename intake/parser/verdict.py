"""What the parser may answer, and how it is written on the pipe; the reader of it believes nothing else."""

from enum import StrEnum


class Media(StrEnum):
    """The kinds of files that leave the parser; HEIC comes out as JPEG, which every browser shows."""

    JPEG = "jpeg"
    PNG = "png"
    WEBP = "webp"
    PDF = "pdf"
    HEIC = "heic"
    OGG = "ogg"
    """A voice note: the parser does not read it, nothing shows it, it is only kept to be saved."""

    @property
    def is_picture(self) -> bool:
        """Whether an ordinary browser shows it as a picture."""
        return self in (Media.JPEG, Media.PNG, Media.WEBP)


class Refusal(StrEnum):
    """Why a file is not taken in; the page has the words for it."""

    UNKNOWN_TYPE = "unknown_type"
    DAMAGED = "damaged"
    TOO_LARGE = "too_large"
    LOCKED = "locked"
    TOO_MANY = "too_many"
    NO_ROOM = "no_room"
    TOO_SLOW = "too_slow"


class Refused(Exception):
    """The file is not taken in. Carries a reason, nothing of the file."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason


LONGEST_LINE = 64
"""Bytes of the verdict, its line's end included."""


def verdict_line(kind: Media, made: Media) -> bytes:
    """The line before a clean file: what it was, and what it is now."""
    return f"clean {kind} {made}\n".encode()


def refusal_line(reason: Refusal) -> bytes:
    """The only line, where there is no clean file."""
    return f"refused {reason}\n".encode()


def read_verdict(line: bytes) -> tuple[Media, Media]:
    """What the file was and what it became. Raises `Refused`; whatever is no verdict means a broken file."""
    try:
        word, *rest = line[:LONGEST_LINE].decode("ascii", "replace").split()
        if word == "clean":
            kind, made = rest
            return Media(kind), Media(made)
        (reason,) = rest
        raise Refused(Refusal(reason))
    except ValueError:
        raise Refused(Refusal.DAMAGED) from None
