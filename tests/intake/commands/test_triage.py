"""`hamn triage` answers line by line, as the service would, and repeats no line that it cannot read."""

import io
import json
from pathlib import Path

import pytest

from intake.__main__ import main
from intake.commands.triage import FEWEST, report
from intake.config import example
from intake.store.corrections import Mended
from tests.service import KNOWLEDGE

CANARY = "kanariefagel"
TEXT = "De hålls i en lägenhet i Malmö."


@pytest.fixture(autouse=True)
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading all that triage knows takes seconds; once is enough."""
    monkeypatch.setattr("intake.commands.triage.load_knowledge", lambda: KNOWLEDGE)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Run the command on some input; exit status, output and errors."""

    def running(given: str, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        status = main(["triage", *arguments])
        said = capsys.readouterr()
        return status, said.out, said.err

    return running


def line(**fields: object) -> str:
    return json.dumps({"id": "a", "channel": "web", **fields}) + "\n"


def test_each_line_is_answered_in_order_with_every_label(run):
    status, out, err = run(line(text=TEXT) + "\n" + line(id=7, parts=["Flickor säljs i en lägenhet", "i Göteborg"]))
    answers = [json.loads(answer) for answer in out.splitlines()]
    assert (status, err) == (0, "")
    assert [(answer["id"], answer["municipality"], answer["region"]) for answer in answers] == [
        ("a", "1280", "Syd"),
        (7, "1480", "Väst"),
    ]
    labels = {"kind", "type", "urgency", "minor", "county", "municipality", "region", "lang", "reasons"}
    assert labels <= answers[0].keys()


def test_reasons_name_the_words_they_came_from(run):
    _, out, _ = run(line(text=TEXT))
    assert "Malmö" in {word for reason in json.loads(out)["reasons"] for word in reason["words"]}


@pytest.mark.parametrize("bad", [f"{{{CANARY}\n", f'"{CANARY}"\n', line(), f'{{"text": "{CANARY}"}}\n', "[1]\n"])
def test_a_line_that_cannot_be_read_is_named_by_number_and_the_others_are_answered(run, bad: str):
    status, out, err = run(line(text="Malmö") + bad + line(id="c", text="Malmö"))
    assert status == 1
    assert [json.loads(answer)["id"] for answer in out.splitlines()] == ["a", "c"]
    assert "line 2" in err
    assert CANARY not in out + err


def test_the_regions_are_those_of_the_configuration(run, tmp_path: Path):
    file = tmp_path / "hamn.toml"
    file.write_text(example().replace('name = "Syd"', 'name = "Längst ner"'), encoding="utf-8")
    _, out, _ = run(line(text=TEXT), "--config", str(file))
    assert json.loads(out)["region"] == "Längst ner"


def test_one_text_is_explained_for_people(run):
    status, out, _ = run("", "explain", TEXT)
    assert status == 0
    assert [row.split() for row in out.splitlines() if row.startswith("municipality ")] == [["municipality", "1280"]]
    assert "Malmö" in out


def test_nothing_in_nothing_out(run):
    assert run("") == (0, "", "")


def a_correction(rule: str = "form", month: str = "2026-11", lang: str = "sv") -> Mended:
    return Mended(month, lang, "urgency", rule, "acute", "low")


def test_the_report_says_which_rule_errs_how_often_in_which_language() -> None:
    counts = {a_correction(): 7, a_correction(month="2026-12"): 2, a_correction(lang="th"): 3}
    months, heading, *lines = report(counts)
    assert months == "2026-11 to 2026-12"
    assert heading.split()[:3] == ["times", "label", "lang"]
    assert [line.split() for line in lines] == [
        ["9", "urgency", "sv", "acute", "->", "low", "form"],
        ["<5", "urgency", "th", "acute", "->", "low", "form"],
    ]


@pytest.mark.parametrize("number", range(1, FEWEST))
def test_a_small_cell_is_not_told_nor_shown_by_its_place(number: int) -> None:
    counts = {a_correction("zz"): number, a_correction("aa"): FEWEST - number}
    assert [line.split()[-1] for line in list(report(counts))[2:]] == ["aa", "zz"]
    assert not [line for line in report(counts) if line.split()[0].isdigit()]


def test_an_empty_report_says_so() -> None:
    assert list(report({})) == ["nothing was put right yet"]
