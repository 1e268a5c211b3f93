"""The configuration is checked whole, every error names its key, and none repeats what stood there."""

import tomllib
from datetime import time, timedelta
from pathlib import Path

import pytest

from intake.config import COUNTIES, ConfigError, example, load, packaged_regions, parse, parse_hours, parse_regions
from tests.service import make_config
from triage.model import Kind, Minors, Pace

CANARY = "kanariefagel-4711"


def table(**changes: object) -> dict:
    """The example's tables, some of them replaced."""
    return {**tomllib.loads(example()), **changes}


def desk(**changes: object) -> dict:
    return {"desks": {**table()["desks"], "syd": {**table()["desks"]["syd"], **changes}}}


def test_the_example_is_a_configuration():
    config = parse(tomllib.loads(example()))
    assert len(config.regions) == 7
    assert config.desks[config.national_desk].region is None
    assert sum(len(region.counties) for region in config.regions.values()) == len(COUNTIES) == 21


def test_defaults_are_those_that_the_example_shows():
    shown = "\n".join(line.removeprefix("# ") for line in example().splitlines() if line.startswith(("#", "[")))
    lines = [line for line in shown.splitlines() if line.startswith("[") or " = " in line]
    config = parse(tomllib.loads(example()))
    section = ""
    for line in lines:
        if line.startswith("["):
            section = line.split("]")[0][1:]
        elif section in ("inbox", "ops", "limits", "nudges", "languages"):
            ((name, value),) = tomllib.loads(line).items()
            held = getattr(getattr(config, section), name)
            if held is None:
                continue  # shown as an example: there is no default
            assert (list(held) if isinstance(held, tuple) else held) == value, f"{section}.{name}"


def test_a_desk_reads_as_it_was_written():
    child = make_config().desks["stockholm-barn"]
    assert (child.minors, child.kinds, child.deputies) == (Minors.ONLY, frozenset(Kind), ("stockholm-vuxna",))
    assert (child.hours.days, child.hours.opens, child.hours.closes) == (frozenset(range(5)), time(8), time(16))
    assert child.out_of_hours is None
    assert parse(table(**desk(out_of_hours="+46 8 123"))).desks["syd"].out_of_hours == "+46 8 123"


def test_how_long_a_case_may_lie_follows_the_nudges():
    limits = make_config(nudges={"now_minutes": 3, "weeks_duty_hours": 7}).limits_of("syd").by_pace
    assert limits[Pace.NOW] == timedelta(minutes=3)
    assert limits[Pace.WEEKS] == timedelta(hours=7)
    assert set(limits) == set(Pace)


def test_a_desk_may_be_nudged_otherwise_than_the_others():
    policies = make_config(nudges={"now_minutes": 3}, desks=desk_tables(nord={"now_minutes": 5})).policies
    assert [policies[name].limits[Pace.NOW] for name in ("nord", "syd")] == [timedelta(minutes=5), timedelta(minutes=3)]


def desk_tables(**nudges: dict[str, object]) -> dict[str, object]:
    """The packaged desks, some with nudges of their own."""
    packaged = packaged_regions()["desks"]
    return {name: {**packaged[name], "nudges": nudges.get(name, {})} for name in packaged}


BAD = {
    "an unknown table": ({CANARY.split("-")[0]: {}}, "kanariefagel"),
    "an unknown key": ({"ops": {"port": CANARY}}, "ops"),
    "a missing key": ({"service": {"national_desk": "nationell"}}, "service"),
    "a missing table": ({"web": {}}, "web"),
    "no table": ({"web": CANARY}, "web"),
    "the wrong type": ({"ops": {"listen": [CANARY]}}, "ops.listen"),
    "none of the choices": ({"operator": {"kind": CANARY}}, "operator.kind"),
    "a list of the wrong type": ({"languages": {"offered": [1]}}, "languages.offered"),
    "a bridge that is no table": ({"bridges": {"sms": CANARY}}, "bridges.sms"),
    "a name that fits into no address": ({"bridges": {f"Å {CANARY}": {}}}, "bridges"),
    "an address without port": ({"web": {"public_url": "https://x", "listen": CANARY}}, "web.listen"),
    "a port that is none": ({"ops": {"listen": f"127.0.0.1:{CANARY}"}}, "ops.listen"),
    "no such database": ({"database": {"url": f"mysql://{CANARY}"}}, "database.url"),
    "a database that is no address": ({"database": {"url": CANARY}}, "database.url"),
    "a negative number": ({"limits": {"logins_before_pause": -1}}, "limits.logins_before_pause"),
    "a session that never lasts": ({"inbox": {"url": "https://x", "idle_minutes": 0}}, "inbox.idle_minutes"),
    "a desk's unknown region": (desk(region=CANARY), "desks.syd.region"),
    "a desk's unknown deputy": (desk(deputies=[CANARY]), "desks.syd.deputies"),
    "a desk that stands in for itself": (desk(deputies=["syd"]), "desks.syd.deputies"),
    "a desk's unknown kind": (desk(kinds=[CANARY]), "desks.syd.kinds"),
    "a desk's hours": (desk(hours=CANARY), "desks.syd.hours"),
    "an unknown national desk": (
        {"service": {"national_desk": CANARY, "key_file": "k"}},
        "service.national_desk",
    ),
    "a regional national desk": ({"service": {"national_desk": "syd", "key_file": "k"}}, "service.national_desk"),
}


@pytest.mark.parametrize(("changes", "key"), BAD.values(), ids=BAD)
def test_what_cannot_be_used_is_refused_by_its_key_and_not_repeated(changes: dict, key: str):
    with pytest.raises(ConfigError) as refused:
        parse(table(**changes))
    assert refused.value.key.startswith(key)
    assert CANARY not in str(refused.value)


@pytest.mark.parametrize(
    ("counties", "problem"),
    [(["07", "08", "10", "12", "02"], "no county"), (["07", "08", "10"], "12"), (["07", "08", "10", "12", "13"], "13")],
    ids=["unknown", "missing", "twice"],
)
def test_the_regions_hold_each_county_once(counties: list[str], problem: str):
    regions = packaged_regions()["regions"]
    with pytest.raises(ConfigError, match=problem):
        parse_regions({**regions, "syd": {"name": "Syd", "counties": counties}})


@pytest.mark.parametrize(
    ("text", "days"),
    [("mon-fri 08:00-16:00", range(5)), ("sat 10:00-12:00", [5]), ("mon-sun 00:00-23:59", range(7))],
)
def test_hours_are_read(text: str, days):
    assert parse_hours("k", text).days == frozenset(days)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "always",
        "fri-mon 08:00-16:00",
        "mon-fri 16:00-08:00",
        "mon-fri 08:00-08:00",
        "mon-fri 25:00-26:00",
        "mån 08:00-16:00",
    ],
)
def test_hours_of_another_form_are_refused(text: str):
    with pytest.raises(ConfigError, match="k:"):
        parse_hours("k", text)


def test_a_file_is_loaded(tmp_path: Path):
    file = tmp_path / "hamn.toml"
    file.write_text(example(), encoding="utf-8")
    assert load(file) == parse(tomllib.loads(example()))


@pytest.mark.parametrize("content", [None, b"[[[", b"\xff\xfe"], ids=["missing", "no TOML", "no text"])
def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, content: bytes | None):
    file = tmp_path / CANARY
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ConfigError) as refused:
        load(file)
    assert refused.value.key == "--config"
    assert CANARY not in str(refused.value)


def test_a_configuration_prints_no_secret_it_names():
    config = make_config(database={"url": f"postgresql://{CANARY}@localhost/x"}, bridges={"sms": {"account": CANARY}})
    assert CANARY not in repr(config)
