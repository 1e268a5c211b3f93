"""The words around places: the files are whole, and a text's language decides which of them count."""

from importlib import resources

import pytest

from tests.triage.languages import WANTED
from triage.cues import Cue, find_cues, languages
from triage.gazetteer import Gazetteer
from triage.words import cut

FOLDER = resources.files("triage") / "data" / "cues"


@pytest.mark.parametrize("lang", sorted(WANTED))
def test_every_language_tells_present_from_past(lang: str, gazetteer: Gazetteer):
    phrases = [
        phrase
        for begun in gazetteer.cues.spaced.values()
        for group in (begun.alone, *begun.longer.values())
        for phrase in group
    ]
    phrases += [phrase for group in gazetteer.cues.unspaced.values.values() for phrase in group]
    assert {Cue.NOW, Cue.PAST, Cue.PLAN, Cue.COMMON} <= {phrase.cue for phrase in phrases if lang in phrase.langs}


def test_a_file_says_in_its_first_line_whether_it_was_reviewed():
    files = [path for path in FOLDER.iterdir() if path.name.endswith(".toml")]
    assert all(path.read_text(encoding="utf-8").splitlines()[0].startswith("# ") for path in files)
    unreviewed = {path.name for path in files if "Unreviewed" in path.read_text(encoding="utf-8").splitlines()[0]}
    assert unreviewed == {path.name for path in files} - {"sv.toml", "en.toml"}


def test_the_readme_explains_every_key():
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert all(f"`{cue.value}`" in readme for cue in Cue)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("jag är rädd och han har tagit mitt pass", "sv"),
        ("she is not allowed to go out", "en"),
        ("jestem w mieście i nie mogę wyjść", "pl"),
        ("я не могу выйти, помогите", "ru"),
        ("ja ne mogu vyjti, pomogite, menya zabrali", "ru"),
        ("nuk mund të dal, ndihmë", "sq"),
        ("main yahan kaam karta hun, madad karo", "hi"),
        ("ฉันอยู่ที่นี่ ช่วยด้วย", "th"),
    ],
)
def test_common_words_tell_the_language(text: str, lang: str, gazetteer: Gazetteer):
    words = cut(text)
    assert lang in languages(find_cues(words, range(len(words)), gazetteer.cues), None)


def test_the_longest_phrase_comes_first(gazetteer: Gazetteer):
    words = cut("right now")
    hits = find_cues(words, range(len(words)), gazetteer.cues)
    assert (hits[0].first, hits[0].last, hits[0].cue) == (0, 2, Cue.NOW)
