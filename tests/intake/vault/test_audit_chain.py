import pytest

from intake.vault.audit_chain import EMPTY, Head, next_link, open_head, seal_head, verify_chain
from intake.vault.errors import Tampered, VaultError
from intake.vault.service_key import ServiceKey
from tests.intake.vault.samples import KEY, OLD, OTHER, SYD, flipped
from triage.model import DeskName

MITT = DeskName("mitt")
ENTRIES = (b"opened", b"answered", b"closed")


def chain(key: ServiceKey, head: Head, entries: tuple[bytes, ...]) -> tuple[list[tuple[bytes, bytes]], Head]:
    rows = []
    for entry in entries:
        head = next_link(key, SYD, head, entry)
        rows.append((entry, head.link))
    return rows, head


ROWS, HEAD = chain(KEY, EMPTY, ENTRIES)
OTHER_ROWS, _ = chain(KEY, EMPTY, (b"another history", *ENTRIES[1:]))


def test_an_untouched_chain_passes():
    verify_chain(KEY, SYD, ROWS, HEAD)
    verify_chain(KEY, SYD, [], EMPTY)


def test_a_chain_goes_on_over_a_rotation():
    before, middle = chain(OLD, EMPTY, ENTRIES)
    after, head = chain(KEY, middle, ENTRIES)
    verify_chain(KEY, SYD, before + after, head)


@pytest.mark.parametrize(
    ("rows", "entry"),
    [
        ([(b"0pened", ROWS[0][1]), *ROWS[1:]], 1),
        ([ROWS[0], ROWS[2]], 2),
        ([ROWS[1], ROWS[0], ROWS[2]], 1),
        (ROWS[1:], 1),
        ([OTHER_ROWS[0], *ROWS[1:]], 2),
        ([*ROWS, ROWS[2]], 4),
        ([ROWS[0], (b"planted", ROWS[1][1]), *ROWS[1:]], 2),
    ],
    ids=["changed", "cut out", "swapped", "cut at the start", "from another history", "repeated", "planted"],
)
def test_a_chain_that_was_touched_says_where(rows, entry):
    with pytest.raises(Tampered, match=f"entry {entry}$"):
        verify_chain(KEY, SYD, rows, HEAD)


def test_a_cut_tail_shows():
    with pytest.raises(Tampered, match="2 entries, its kept head 3"):
        verify_chain(KEY, SYD, ROWS[:2], HEAD)


def test_one_desk_s_chain_does_not_pass_for_another_s():
    for key, desk in ((KEY, MITT), (OTHER, SYD)):
        with pytest.raises(Tampered):
            verify_chain(key, desk, ROWS, HEAD)


def test_every_changed_byte_of_a_link_is_refused():
    for at in range(len(HEAD.link)):
        with pytest.raises(VaultError):
            verify_chain(KEY, SYD, [*ROWS[:2], (ENTRIES[2], flipped(HEAD.link, at))], HEAD)


@pytest.mark.parametrize("head", [HEAD, EMPTY])
def test_a_kept_head_comes_back_to_its_desk_only(head):
    sealed = seal_head(KEY, SYD, head)
    assert open_head(KEY, SYD, sealed) == head
    with pytest.raises(Tampered):
        open_head(KEY, MITT, sealed)
