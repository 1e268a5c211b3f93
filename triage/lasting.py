"""Reading what stays for as long as the process runs, without the garbage collector; knows nothing of what is read."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def lasting() -> Iterator[None]:
    """For a block that makes a million values, none of them garbage: the collector leaves them alone, then and later.

    It would go through all of them again and again while they are made, and now and then for ever after.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if collects:
            gc.enable()
