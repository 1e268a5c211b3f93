"""Reading what stays for as long as the process runs, without the garbage collector; knows nothing of what is read."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def lasting() -> Iterator[None]:
    """For a block that makes a million values, none garbage: the collector would go through all again and again.

    Whoever serves nobody yet may besides freeze them afterwards. Not here: a text under way would be frozen with them.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
