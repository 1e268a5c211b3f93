"""Copies: logged before they are given, whole as JSON, shaped as PDF."""

import json

import pytest

from intake import audit, casework
from intake.audit import Act
from intake.casefile.entries import Transferred
from intake.casefile.export import take_copy, to_json
from intake.casefile.paper import Labels, to_pdf
from intake.casefile.writing import write_down
from intake.model import CaseId, Direction
from intake.reading import NotYours, Reader
from intake.service import Service
from tests.flows.steps import SYD, only_case, staffed, tell
from tests.service import MONDAY_MORNING, reader_of

NOW = MONDAY_MORNING
TOLD = "Bilen ABC 123 står utanför. ช่วยด้วย مرحبا"
LABELS = Labels(
    "Ärende", {"Desk": "Syd"}, {one: one for one in Direction}, str, "Anteckningar", "Akt", {"transferred": "Överfört"}
)


@pytest.fixture
async def syd(empty_service: Service) -> Reader:
    return await reader_of(empty_service, (await staffed(empty_service, "syd", "nationell"))[0])


@pytest.fixture
async def case(empty_service: Service, syd: Reader) -> CaseId:
    await tell(empty_service, TOLD)
    case = await only_case(empty_service, syd)
    await casework.add_remark(empty_service, syd, case, "Anteckning", NOW)
    await write_down(empty_service, syd, case, Transferred(reference="SN 2026/17"), NOW)
    return case


async def test_a_copy_holds_messages_remarks_and_casefile_and_the_log_knows(empty_service: Service, syd, case):
    value = json.loads(to_json(await take_copy(empty_service, syd, case, NOW)))
    assert [message["text"] for message in value["messages"]] == [TOLD]
    assert value["remarks"][0]["text"] == "Anteckning"
    assert value["file"][0]["fact"] == {"fact": "transferred", "reference": "SN 2026/17"}
    acts = [line.act for line in await empty_service.database.read(audit.read, empty_service.key, SYD)]
    assert Act.EXPORTED in acts


async def test_a_pdf_carries_the_fonts_of_every_script_that_was_written(empty_service: Service, syd, case):
    pdf = to_pdf(await take_copy(empty_service, syd, case, NOW), LABELS)
    assert pdf.startswith(b"%PDF-")
    for font in (b"NotoSans", b"NotoSansThai", b"NotoSansArabic"):
        assert font in pdf


async def test_nobody_takes_a_copy_of_what_is_not_theirs_and_nothing_is_logged(empty_service: Service, syd):
    with pytest.raises(NotYours):
        await take_copy(empty_service, syd, CaseId("a" * 26), NOW)
    acts = [line.act for line in await empty_service.database.read(audit.read, empty_service.key, SYD)]
    assert Act.EXPORTED not in acts


@pytest.mark.parametrize("sign", ["\n", "\U0001f600", "\u2067", "(", " ", "1", "\u0301"], ids=ascii)
async def test_no_text_is_too_odd_for_a_pdf(empty_service: Service, syd, sign: str):
    await tell(empty_service, f"a{sign * 1500}b")
    copy = await take_copy(empty_service, syd, await only_case(empty_service, syd), NOW)
    assert to_pdf(copy, LABELS).startswith(b"%PDF-")
