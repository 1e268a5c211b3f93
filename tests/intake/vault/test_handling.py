"""Remarks and corrections come back as they were sealed, and are never taken for anything else."""

from datetime import UTC, datetime

import pytest

from intake.model import Context, Correction, Direction, MemberId, MessageId, RecipientKind
from intake.vault.correction import CORRECTIONS
from intake.vault.envelope import seal_envelope
from intake.vault.errors import Tampered
from intake.vault.remark import REMARKS, About, Remark, seal_remark
from tests.intake.vault.samples import CONTEXT, DESK, SYD, TO_DESK, TO_MAILBOX
from triage.model import DeskName, Kind, Minor, Place, Type, Urgency

SPOKEN = Context(CONTEXT.case, CONTEXT.message, Direction.REMARK)
PUT = Context(CONTEXT.case, CONTEXT.message, Direction.CORRECTION)
AT = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
SOME_REMARKS = [
    Remark(by=MemberId("anna"), login="anna@test", text="halv \ud83d", at=AT),
    Remark(by=MemberId("a"), login="", text="", at=AT, about=About.LENT, from_desk=SYD, to_desk=DeskName("vast")),
]
SOME_CORRECTIONS = [
    Correction(frozenset()),
    Correction(
        frozenset({MessageId("a"), MessageId("b")}),
        Kind.HELP,
        Type.LABOUR,
        Urgency.LOW,
        Minor.NO,
        Place("24", "2480"),
        "th",
    ),
    Correction(frozenset(), place=Place()),
]
NONSENSE = [b"", b"[]", b"{}", b'{"form": 2}', b'{"form": 1}', b"\xff"]


@pytest.mark.parametrize("remark", SOME_REMARKS, ids=["note", "loan"])
def test_a_remark_comes_back(remark: Remark) -> None:
    assert REMARKS.open(seal_remark(SPOKEN, remark, [TO_DESK]), RecipientKind.DESK, SYD, 1, DESK) == remark


@pytest.mark.parametrize("correction", SOME_CORRECTIONS, ids=["none", "all", "no place"])
def test_a_correction_comes_back(correction: Correction) -> None:
    sealed = CORRECTIONS.seal(PUT, correction, [TO_DESK])
    assert CORRECTIONS.open(sealed, RecipientKind.DESK, SYD, 1, DESK) == correction


def test_no_remark_is_ever_sealed_to_a_person() -> None:
    with pytest.raises(ValueError, match="mailbox"):
        seal_remark(SPOKEN, SOME_REMARKS[0], [TO_DESK, TO_MAILBOX])


def test_each_is_sealed_and_opened_as_what_it_is_alone() -> None:
    with pytest.raises(ValueError, match="sealed as"):
        seal_remark(CONTEXT, SOME_REMARKS[0], [TO_DESK])
    with pytest.raises(ValueError, match="sealed as"):
        CORRECTIONS.seal(CONTEXT, SOME_CORRECTIONS[0], [TO_DESK])
    message = seal_envelope(CONTEXT, b"text", [TO_DESK])
    for opened in (REMARKS.open, CORRECTIONS.open):
        with pytest.raises(Tampered):
            opened(message, RecipientKind.DESK, SYD, 1, DESK)


@pytest.mark.parametrize("text", NONSENSE)
def test_what_is_neither_is_refused(text: bytes) -> None:
    for read in (REMARKS.from_json, CORRECTIONS.from_json):
        with pytest.raises(Tampered):
            read(text)


def test_neither_shows_its_content_when_it_is_printed() -> None:
    printed = repr(SOME_REMARKS) + repr(SOME_CORRECTIONS)
    assert "anna@test" not in printed
    assert "halv" not in printed
    assert "2480" not in printed
