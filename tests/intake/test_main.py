"""The command line: from an empty folder to a working house, each refusal one sentence, and no traceback ever."""

import asyncio
import re
import sqlite3
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from intake import people
from intake.__main__ import main
from intake.app import open_service
from intake.config import load
from tests.service import CHEAP, KNOWLEDGE, PASSPHRASE

CANARY = "kanariefagel"


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading all that triage knows takes seconds; once is enough."""
    monkeypatch.setattr("intake.app.load_knowledge", lambda: KNOWLEDGE)


class House:
    """A folder with a configuration, and the commands said in it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.config, self.database, self._capsys = folder / "hamn.toml", folder / "hamn.db", capsys

    def run(self, *arguments: str, status: int = 0) -> str:
        """Run a command that must end so; everything it said."""
        assert main([*arguments, "--config", str(self.config)]) == status
        said = self._capsys.readouterr()
        assert "Traceback" not in said.err
        return said.out + said.err


@pytest.fixture
def empty(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> House:
    monkeypatch.setattr("sys.excepthook", None)
    return House(tmp_path, capsys)


@pytest.fixture
def house(empty: House) -> House:
    """A house that was made ready."""
    empty.run("init", "--admin", "admin@test")
    return empty


def test_init_makes_a_house_and_invites_the_first_administrator(empty: House):
    said = empty.run("init", "--admin", "admin@test")
    assert re.search(r"code:\s+[a-z2-7]{24}$", said.strip())
    assert load(empty.config)
    assert empty.database.exists()


def test_init_overwrites_nothing(house: House):
    before = house.config.read_bytes()
    assert "hamn.toml is there already" in house.run("init", "--admin", "x", status=1)
    assert house.config.read_bytes() == before


def test_check_counts_what_is_to_mend(house: House):
    assert "to mend" in house.run("check", status=1)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["syd@test", "--desk", CANARY], "--desk"),
        (["syd@test"], "has one"),
        (["admin@test", "--desk", "syd", "--role", "admin"], "no desk"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(house: House, arguments: list[str], said: str):
    answer = house.run("member", "invite", *arguments, status=1)
    assert said in answer
    assert CANARY not in answer


def test_a_member_is_invited_listed_and_shown_out(house: House, monkeypatch: pytest.MonkeyPatch):
    said = house.run("member", "invite", "syd@test", "--desk", "syd")
    code = said.split()[-1]
    assert house.run("member", "list") == ""
    member = join(house, code)
    (line,) = house.run("member", "list").splitlines()
    assert line.split() == [member, "coordinator", "syd", "reads", "syd@test"]
    assert "done" in house.run("member", "deactivate", member)
    assert "no active member" in house.run("member", "deactivate", member, status=1)
    assert house.run("member", "list") == ""


def join(house: House, code: str) -> str:
    """As the invited person does in the browser."""
    config = load(house.config)
    no_codes = replace(config, inbox=msgspec.structs.replace(config.inbox, totp=False))

    async def joining() -> str:
        async with open_service(no_codes) as service:
            cheap = replace(service, cost=CHEAP)
            ticket = (await people.read_invitation(cheap, code, service.clock())).ticket
            return await people.join(cheap, ticket, PASSPHRASE, "", service.clock())

    return asyncio.run(joining())


@pytest.fixture
def logged(house: House) -> House:
    """A house whose log of Syd has two lines."""
    for login in ("a@test", "b@test"):
        join(house, house.run("member", "invite", login, "--desk", "syd").split()[-1])
    return house


def test_a_whole_log_passes(logged: House):
    assert re.fullmatch(r"syd +2 lines, whole\n", logged.run("audit", "verify"))


ATTACKS = {
    "a change": "UPDATE audit SET entry = (SELECT entry FROM audit WHERE number = 1) WHERE number = 2",
    "a gap": "DELETE FROM audit WHERE number = 1",
    "a moved line": "UPDATE audit SET desk = 'vast' WHERE number = 2",
    "a cut tail": "DELETE FROM audit WHERE number = 2",
    "a strange generation": "UPDATE audit SET link = CAST(x'010100000009' || substr(link, 7) AS BLOB) WHERE number = 2",
    "no head": "DELETE FROM audit_heads",
}


@pytest.mark.parametrize("statement", ATTACKS.values(), ids=ATTACKS)
def test_a_log_that_was_touched_does_not(logged: House, statement: str):
    with sqlite3.connect(logged.database) as connection:
        assert connection.execute(statement).rowcount == 1
    connection.close()
    assert logged.run("audit", "verify", status=1).startswith("hamn: not what was written: ")


FAULTS = {
    "no configuration": lambda house: house.config.unlink(),
    "broken configuration": lambda house: house.config.write_text(CANARY),
    "no service key": lambda house: (house.config.parent / "service.key").unlink(),
    "an exposed service key": lambda house: (house.config.parent / "service.key").chmod(0o644),
    "no database": lambda house: replace_database(house, b"no database at all " * 100),
}


def replace_database(house: House, content: bytes) -> None:
    for file in house.config.parent.glob("hamn.db*"):
        file.unlink()
    house.database.write_bytes(content)


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
@pytest.mark.parametrize("command", [["member", "list"], ["audit", "verify"], ["serve"]], ids=" ".join)
def test_what_is_wrong_is_one_sentence(house: House, fault, command: list[str]):
    fault(house)
    said = house.run(*command, status=1).strip()
    assert said.startswith("hamn: ")
    assert "\n" not in said
    assert CANARY not in said


@pytest.mark.parametrize("arguments", [[], ["nonsense"], ["member"], ["audit"], ["demo", "--port", "x"]], ids=" ".join)
def test_wrong_arguments_are_explained(arguments: list[str], capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: hamn" in capsys.readouterr().err


def test_who_lost_the_passphrase_gets_a_new_code_and_their_desk_its_cases_back(empty: House):
    empty.run("init", "--admin", "admin@test", "--recovery")
    member = join(empty, empty.run("member", "invite", "syd@test", "--desk", "syd").split()[-1])
    private = str(empty.config.parent / "recovery.private")
    code = empty.run("member", "anew", member).split()[-1]
    assert "nobody holds" in empty.run("recover", "syd", "--key", private, status=1)
    again = join(empty, code)
    assert again != member
    assert "no active member" in empty.run("member", "anew", member, status=1)
    assert "0 cases" in empty.run("recover", "syd", "--key", private)
    assert "not its private half" in empty.run(
        "recover", "syd", "--key", str(empty.config.parent / "backup.private"), status=1
    )
    assert "no such desk" in empty.run("recover", "nowhere", "--key", private, status=1)


def test_a_rotated_key_opens_what_was_sealed_before(house: House):
    said = house.run("rotate-service-key")
    assert "generation 2" in said
    assert "admin@test" not in said
    house.run("audit", "verify")
    house.run("member", "list")
