"""What every page of the public side keeps to, and what the pages that only show say."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from intake.service import Service
from intake.web.app import public_app
from tests.intake.web.conftest import Visitor, once
from tests.service import MONDAY_MORNING, Clock, make_config

LANGUAGES = ("sv", "sv-lattlast", "en", "th", "ro", "uk", "es", "ar")
NAMES = ("", "tip", "help", "buyer", "professional", "mailbox", "support", "privacy", "accessibility")
PATHS = [f"/{tag}/{name}" for tag in LANGUAGES for name in NAMES]
THIRTY_KB = 30_000

pytestmark = once


@pytest.fixture
async def reader(make_service) -> AsyncIterator[Visitor]:
    """Somebody who only reads, in any of the languages."""
    service: Service = make_service(make_config(languages={"offered": list(LANGUAGES)}))
    async with TestClient(TestServer(public_app(service))) as client:
        yield Visitor(client)


async def test_on_every_page_the_exit_comes_first_and_nothing_is_from_elsewhere(reader: Visitor):
    for path in ["/", *PATHS, "/sv/nowhere"]:
        page = await reader.get(path)
        focusable = re.findall(r"<(a|button|input|textarea|select|summary)\b([^>]*)", page.text)
        assert 'href="/leave" rel="nofollow noreferrer"' in focusable[0][1], path
        links = re.findall(r'(?:href|src|action)="([^"]*)"', page.text)
        assert [link for link in links if not link.startswith(("/", "#", "tel:", "data:"))] == [], path


async def test_every_page_with_its_style_and_script_is_under_30_kb(reader: Visitor):
    assets = re.findall(r'"(/static/[^"]+)"', (await reader.get("/sv/")).text)
    assert len(assets) == 2
    shared = sum([len(await (await reader.client.get(path)).read()) for path in assets])
    heaviest = max([(len((await reader.get(path)).text.encode()), path) for path in PATHS])
    assert shared + heaviest[0] < THIRTY_KB, heaviest


async def test_no_page_sets_a_cookie_or_lets_itself_be_stored(reader: Visitor):
    for path in ["/", *PATHS, "/leave", "/left", "/forget", "/sv/nowhere", "/api/v1/openapi.json"]:
        page = await reader.get(path)
        assert "Set-Cookie" not in page.headers, path
        assert page.headers["Cache-Control"] == "no-store", path


async def test_titles_tell_pages_apart_and_give_nothing_away(reader: Visitor):
    titles = [re.search("<title>(.*?)</title>", (await reader.get(f"/sv/{name}")).text)[1] for name in NAMES]
    assert len(set(titles)) == len(NAMES)
    answered = re.search("<title>(.*?)</title>", (await reader.fill("/sv/help", text="Hej")).text)[1]
    betrays = "trafficking|människohandel|polis|prostitution|koordinator|hjälp|sluta|sett|köp|ring|läser|skickat|svar"
    assert not re.search(f"(?i){betrays}", " ".join([*titles, answered]))
    assert not re.search("og:|twitter:|manifest", (await reader.get("/sv/")).text)


async def test_the_start_speaks_the_language_that_the_browser_prefers_and_leads_to_all_others(reader: Visitor):
    answer = await reader.client.get("/", headers={"Accept-Language": "ar-SY,en;q=0.5"})
    text = await answer.text()
    assert '<html lang="ar" dir="rtl">' in text
    assert set(re.findall('hreflang="([^"]*)"', text[: text.index("<h1>")])) >= {"sv", "en", "th", "ar"}
    assert "Set-Cookie" not in answer.headers


async def test_a_browser_that_prefers_nothing_is_met_in_swedish(reader: Visitor):
    assert '<html lang="sv" dir="ltr">' in (await reader.get("/")).text


async def test_styles_are_kept_for_ever_under_a_name_that_changes_with_them(reader: Visitor):
    (style,) = re.findall(r'"(/static/site\.[0-9a-f]{12}\.css)"', (await reader.get("/sv/")).text)
    answer = await reader.client.get(style)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.content_type == "text/css"


async def test_leaving_puts_a_blank_page_in_between_and_ends_at_a_neutral_site(reader: Visitor):
    blank = await reader.get("/leave")
    assert (blank.status, '<meta http-equiv="refresh" content="0; url=/left">' in blank.text) == (200, True)
    assert re.search("<body></body>", blank.text)
    left = await reader.get("/left")
    assert (left.status, left.headers["Location"]) == (302, "https://www.smhi.se/")
    assert "Clear-Site-Data" not in left.headers
    assert '<link rel="stylesheet" href="/forget">' in blank.text
    assert (await reader.get("/forget")).headers["Clear-Site-Data"] == '"cache"'


async def test_the_way_out_of_a_page_that_answered_a_form_is_its_own_address(reader: Visitor):
    answer = await reader.fill("/en/help", text="")
    assert 'id="exit" href="/en/help/on"' in answer.text
    assert 'href="/sv/help"' in answer.text
    assert 'data-door="/en/help"' in answer.text
    assert '<noscript><link rel="stylesheet" href="/forget"></noscript>' in answer.text
    for name in ("tip", "help", "buyer", "professional", "mailbox", "support"):
        assert 'content="0; url=/left"' in (await reader.get(f"/en/{name}/on")).text, name


@pytest.mark.parametrize("path", ["//elsewhere.example/on", "/nowhere/on", "/xx/help/on"])
async def test_no_address_that_another_site_made_up_becomes_the_way_out(reader: Visitor, path: str):
    url = URL(f"http://127.0.0.1:{reader.client.port}{path}", encoded=True)
    async with reader.client.session.post(url, data={"text": "x"}) as answer:
        page = await answer.text()
    assert answer.status == 404
    assert re.search('id="exit" href="(/leave|/sv/help/on|/en/help/on)"', page)


@pytest.mark.parametrize("door", ["tip", "help", "buyer", "professional"])
async def test_numbers_and_who_reads_stand_above_the_form(door: str, reader: Visitor):
    text = (await reader.get(f"/en/{door}")).text
    above = text[: text.index("<form")]
    for said in (
        'href="tel:112"',
        'href="tel:116111"',
        "Who reads?",
        "Are you under 18?",
        "What is kept?",
        "For how long?",
    ):
        assert said in above, said


async def test_the_tip_door_says_what_not_to_write_and_not_to_do(reader: Visitor):
    text = (await reader.get("/en/tip")).text
    for said in ("Do not confront", "gives you away", "the network of the hotel", "naked picture"):
        assert said in text


async def test_only_the_message_is_needed(reader: Visitor):
    assert "required" not in (await reader.get("/en/help")).text


async def test_a_language_of_the_help_door_shows_other_pages_in_english_and_keeps_its_links(reader: Visitor):
    shown = (await reader.get("/th/tip")).text
    assert '<html lang="en" dir="ltr">' in shown
    assert 'href="/th/mailbox"' in shown
    assert '<html lang="th" dir="ltr">' in (await reader.get("/th/help")).text


async def test_arabic_is_written_from_right_to_left(reader: Visitor):
    assert '<html lang="ar" dir="rtl">' in (await reader.get("/ar/help")).text


@pytest.mark.parametrize("path", ["/xx/", "/xx/tip", "/sv/nowhere", "/SV/", "/sv", "/static/nowhere.css"])
async def test_an_unknown_address_is_a_page_that_repeats_nothing(path: str, reader: Visitor):
    page = await reader.get(path)
    assert page.status == 404
    assert "nowhere" not in page.text


async def test_a_language_that_is_not_offered_is_not_there(make_service):
    swedish = make_service(make_config(languages={"offered": ["sv", "en"]}))
    async with TestClient(TestServer(public_app(swedish))) as client:
        assert (await Visitor(client).get("/ar/")).status == 404


async def test_support_says_who_answers_now(reader: Visitor, clock: Clock):
    clock.now = datetime(2026, 11, 22, 21, 30, tzinfo=UTC)
    text = (await reader.get("/en/support")).text
    answers = dict(re.findall(r"<strong>([^<]*)</strong>\s*<em[^>]*>([^<]*)</em>", text))
    assert answers["Kvinnofridslinjen"] == "answers now"
    assert answers["Stödlinjen för män"] == "closed now"


async def test_local_numbers_that_nobody_verified_lately_are_not_shown(reader: Visitor, clock: Clock):
    page = await reader.fill("/en/support", place="Linköping", chosen="0580")
    assert "no number there that has been verified lately" in page.text
    clock.now = datetime(2023, 6, 1, 10, tzinfo=UTC)
    page = await reader.fill("/en/support", place="Linköping", chosen="0580")
    assert "013-20 69 00" in page.text
    clock.now = MONDAY_MORNING


@pytest.mark.parametrize(
    ("code", "shown", "hidden"),
    [
        ("1480", ["Mika-mottagningen", "KAST-mottagningen"], ["Evonhuset"]),
        ("1280", ["Evonhuset"], ["Mika-mottagningen"]),
        ("22", ["Stödcentrum Sundsvall"], ["Evonhuset"]),
        ("0580", [], ["switchboard"]),
    ],
)
async def test_support_names_the_counselling_units_of_a_place(
    code: str, shown: list[str], hidden: list[str], reader: Visitor
):
    text = (await reader.fill("/en/support", place="x", chosen=code)).text
    assert all(name in text for name in shown)
    assert not any(name in text for name in hidden)
