"""The collector rests while something is read, and takes up again all that it had to do."""

import gc
import weakref

from triage.lasting import lasting


class Text:
    """Something that holds itself, as requests and tracebacks do."""

    def __init__(self) -> None:
        self.itself = self


def test_the_collector_rests_within_and_not_after():
    with lasting():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_what_was_under_way_meanwhile_is_still_forgotten():
    text = Text()
    seen = weakref.ref(text)
    with lasting():
        pass
    del text
    gc.collect()
    assert seen() is None
