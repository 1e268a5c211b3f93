"""A coordinator puts labels right: what is shown, by when it is due, who may read it, and what is counted."""

from dataclasses import replace
from datetime import timedelta

import pytest

from intake import audit, casework
from intake.audit import Act
from intake.casework import Put, ReadOn, SealedToOthers, correct_case, move_case
from intake.casework.receivers import receivers
from intake.model import CaseId, Direction, RecipientKind, Status, Waiting
from intake.reading import NotYours, Reader
from intake.service import Service
from intake.store import cases, corrections, envelopes
from intake.store.corrections import Mended
from tests.flows.steps import SYD, VAST, add, read
from tests.intake.casework.meanwhile import disturbed
from tests.service import MONDAY_MORNING
from triage.model import Kind, Minor, Pace, Place, Type, Urgency

LATER = MONDAY_MORNING + timedelta(hours=1)
MALMO, GOTEBORG = Place("12", "1280"), Place("14", "1480")


async def labels(service: Service, reader: Reader) -> Put:
    """The labels as they are."""
    found = (await read(service, reader, LATER)).labels
    assert found is not None
    return Put(found.kind, found.type, found.urgency, found.minor, found.place, found.lang)


async def counted(service: Service) -> dict[Mended, int]:
    return await service.database.read(corrections.read_all, service.key)


async def sealed_to(service: Service, case: CaseId) -> set[str]:
    """The desks that have a wrap of the correction, and of all else."""
    stored = await service.database.read(envelopes.of_case, service.key, case, tuple(Direction), RecipientKind.DESK)
    held = [{wrap.recipient for wrap in one.envelope.wraps} for one in stored]
    return set.intersection(*held)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": Kind.PROFESSIONAL},
        {"type": Type.LABOUR},
        {"minor": Minor.YES},
        {"place": GOTEBORG},
        {"place": Place()},
        {"lang": "th"},
        {"urgency": Urgency.LOW, "minor": Minor.NO, "type": Type.UNCLEAR},
    ],
    ids=str,
)
async def test_what_is_put_right_is_shown_in_list_and_case(empty_service, syd, case, changes):
    put = replace(await labels(empty_service, syd), **changes)
    assert await correct_case(empty_service, syd, case, put, LATER)
    assert await labels(empty_service, syd) == put
    (line,) = (await casework.list_cases(empty_service, syd, None, 9)).lines
    assert line.labels is not None
    assert {name: getattr(line.labels, name) for name in changes} == changes


async def test_the_same_labels_change_and_count_nothing(empty_service, syd, case):
    put = await labels(empty_service, syd)
    assert not await correct_case(empty_service, syd, case, put, LATER)
    assert not await correct_case(empty_service, syd, case, replace(put, place=None), LATER)
    assert await counted(empty_service) == {}
    assert (await read(empty_service, syd)).correction is None


async def test_corrections_add_up_and_the_last_one_holds(empty_service, syd, case):
    for changes in ({"kind": Kind.PROFESSIONAL}, {"lang": "th"}, {"kind": Kind.OTHER}):
        await correct_case(empty_service, syd, case, replace(await labels(empty_service, syd), **changes), LATER)
    now = await labels(empty_service, syd)
    assert (now.kind, now.lang) == (Kind.OTHER, "th")


async def test_urgency_gives_a_new_pace_and_a_new_time(empty_service, syd, case):
    put = await labels(empty_service, syd)
    for urgency, pace, within in ((Urgency.LOW, Pace.WEEKS, None), (Urgency.ACUTE, Pace.NOW, timedelta(minutes=30))):
        await correct_case(empty_service, syd, case, replace(put, urgency=urgency, minor=Minor.NO), LATER)
        found = (await read(empty_service, syd, LATER)).case
        assert found.pace is pace
        assert (found.due_at - LATER < timedelta(hours=1)) is (within is not None)


async def test_a_case_that_now_cannot_wait_opens_to_the_deputies_too(empty_service, syd, vast, case):
    put = await labels(empty_service, syd)
    for urgency, holders in ((Urgency.LOW, {SYD}), (Urgency.ACUTE, {SYD, *empty_service.config.desks[SYD].deputies})):
        await correct_case(empty_service, syd, case, replace(put, urgency=urgency, minor=Minor.NO), LATER)
        assert await sealed_to(empty_service, case) == holders


async def test_who_reads_only_a_part_may_still_raise_it(empty_service, syd, vast, case, receipt):
    calm = replace(await labels(empty_service, syd), urgency=Urgency.LOW, minor=Minor.NO)
    await correct_case(empty_service, syd, case, calm, LATER)
    await empty_service.database.write(cases.grant, empty_service.key, case, VAST, "absence", LATER)
    await add(empty_service, receipt, "Mer", LATER)
    await correct_case(empty_service, vast, case, replace(calm, urgency=Urgency.ACUTE), LATER)
    assert (await read(empty_service, syd, LATER)).case.pace is Pace.NOW


async def test_a_later_message_may_raise_what_was_lowered_but_a_stale_form_may_not_lower_it(
    empty_service, syd, case, receipt
):
    put = replace(await labels(empty_service, syd), urgency=Urgency.LOW)
    await correct_case(empty_service, syd, case, put, LATER, seen=1)
    await add(empty_service, receipt, "Hjälp! Han har en kniv och slår mig nu!", LATER)
    with pytest.raises(ReadOn):
        await correct_case(empty_service, syd, case, replace(put, lang="th"), LATER, seen=1)
    raised = await labels(empty_service, syd)
    assert raised.urgency is Urgency.ACUTE
    await correct_case(empty_service, syd, case, replace(raised, lang="th"), LATER, seen=2)
    assert (await labels(empty_service, syd)).urgency is Urgency.ACUTE


async def test_what_comes_in_while_a_correction_is_worked_out_is_looked_at_too(empty_service, syd, case, receipt):
    put = replace(await labels(empty_service, syd), lang="th")

    def interrupted() -> Service:
        return disturbed(empty_service, lambda: add(empty_service, receipt, "Mer", LATER))

    with pytest.raises(ReadOn):
        await correct_case(interrupted(), syd, case, put, LATER, seen=1)
    assert (await read(empty_service, syd, LATER)).correction is None
    assert await correct_case(interrupted(), syd, case, put, LATER)
    correction = (await read(empty_service, syd, LATER)).correction
    assert correction is not None
    assert len(correction.covers) == 3


async def test_a_case_that_waits_keeps_its_day(empty_service, syd, case):
    assert (await read(empty_service, syd, LATER)).case.status is Status.OPENED
    until = LATER + timedelta(days=9)
    await casework.let_case_wait(empty_service, syd, case, Waiting.PARTNER, until, LATER)
    await correct_case(empty_service, syd, case, replace(await labels(empty_service, syd), urgency=Urgency.LOW), LATER)
    assert (await read(empty_service, syd, LATER)).case.due_at == until


async def test_a_case_raised_to_what_cannot_wait_waits_for_nobody(empty_service, syd, case):
    calm = replace(await labels(empty_service, syd), urgency=Urgency.LOW, minor=Minor.NO)
    await correct_case(empty_service, syd, case, calm, LATER)
    await casework.let_case_wait(empty_service, syd, case, Waiting.PERSON, LATER + timedelta(days=9), LATER)
    await correct_case(empty_service, syd, case, replace(calm, urgency=Urgency.ACUTE), LATER)
    found = (await read(empty_service, syd, LATER)).case
    assert (found.waiting, found.due_at - LATER < timedelta(hours=1)) == (None, True)


async def test_the_consequence_for_the_routing_is_offered(empty_service, syd, case):
    found = await read(empty_service, syd, LATER)
    assert (await receivers(empty_service, found.case, found.labels, LATER)).belongs is None
    await correct_case(empty_service, syd, case, replace(await labels(empty_service, syd), place=GOTEBORG), LATER)
    found = await read(empty_service, syd, LATER)
    ways = await receivers(empty_service, found.case, found.labels, LATER)
    assert (ways.belongs, set(ways.desks)) == (VAST, {"vast", "nationell"})


async def test_a_correction_goes_with_a_moved_case(empty_service, syd, vast, case):
    await correct_case(empty_service, syd, case, replace(await labels(empty_service, syd), lang="th"), LATER)
    await move_case(empty_service, syd, case, VAST, "Hit", LATER)
    assert (await labels(empty_service, vast)).lang == "th"


async def test_what_was_wrong_is_counted_without_place_text_or_case(empty_service, syd, case):
    put = await labels(empty_service, syd)
    for place in (GOTEBORG, MALMO, GOTEBORG):
        await correct_case(empty_service, syd, case, replace(put, place=place), LATER)
    found = await counted(empty_service)
    assert found == {
        Mended("2026-11", "sv", "place", "form", "municipality", "elsewhere"): 1,
        Mended("2026-11", "sv", "place", "a person", "municipality", "elsewhere"): 2,
    }


async def test_each_correction_is_a_line_of_the_log(empty_service, syd, case):
    await correct_case(empty_service, syd, case, replace(await labels(empty_service, syd), lang="th"), LATER)
    lines = await empty_service.database.read(audit.read, empty_service.key, SYD)
    assert (lines[-1].act, lines[-1].actor, lines[-1].case) == (Act.CORRECTED, syd.member, case)


async def test_only_who_reads_the_case_puts_it_right(empty_service, syd, vast, case):
    put = await labels(empty_service, syd)
    for one in (case, CaseId("unknown")):
        with pytest.raises(NotYours):
            await correct_case(empty_service, vast, one, put, LATER)
    blind = Reader(syd.member, syd.desks, syd.private, {(SYD, 9): syd.private})
    with pytest.raises(SealedToOthers):
        await correct_case(empty_service, blind, case, put, LATER)
