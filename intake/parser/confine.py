"""Takes from this process what a parser does not need: files, network, memory and time without end; knows no format.

Each fence stands by itself; where a system lacks one the others hold. `confine` returns those that stand.
"""

import ctypes
import os
import resource
import sys
from collections.abc import Callable
from enum import StrEnum

MEMORY_BYTES = 1024**3
SECONDS = 20
_FREE_DESCRIPTORS = 0

_CLONE_NEWNET, _CLONE_NEWIPC, _CLONE_NEWUSER = 0x40000000, 0x08000000, 0x10000000
_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 4, 38
# https://docs.kernel.org/userspace-api/landlock.html; the numbers are the same on every architecture.
_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF = 444, 446
_EVERY_FILE_ACCESS_OF_ABI_1 = (1 << 13) - 1


class Fence(StrEnum):
    """What keeps a parser in that somebody has taken over."""

    LIMITS = "limits"
    """Memory, time, no file written, no descriptor opened."""
    NO_PRIVILEGES = "no_privileges"
    NO_NETWORK = "no_network"
    NO_FILES = "no_files"


def confine() -> frozenset[Fence]:
    """Shut this process in, for good; returns the fences that this system has."""
    attempts: dict[Fence, Callable[[], bool]] = {
        Fence.NO_PRIVILEGES: _drop_privileges,
        Fence.NO_NETWORK: _leave_network,
        Fence.NO_FILES: _leave_files,
        Fence.LIMITS: _limit,
    }
    return frozenset(fence for fence, attempt in attempts.items() if attempt())


def _limit() -> bool:
    # In this order: the last one keeps anything from being opened, which the others may need.
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CPU: SECONDS,
        resource.RLIMIT_AS: MEMORY_BYTES,
        resource.RLIMIT_NOFILE: _FREE_DESCRIPTORS,
    }
    held = [_set_limit(kind, most) for kind, most in limits.items()]
    return all(held)


def _set_limit(kind: int, most: int) -> bool:
    try:
        resource.setrlimit(kind, (most, most))
    except (ValueError, OSError):  # macOS knows no bound on address space
        return False
    return True


def _drop_privileges() -> bool:
    if not sys.platform.startswith("linux"):
        return False
    libc = _libc()
    return bool(libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 and libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) == 0)


def _leave_network() -> bool:
    """An empty network of its own: directly for root, else within a user namespace, where the system lets people."""
    if not sys.platform.startswith("linux"):
        return False
    libc = _libc()
    alone = _CLONE_NEWNET | _CLONE_NEWIPC
    return bool(libc.unshare(_CLONE_NEWUSER | alone) == 0 or libc.unshare(alone) == 0)


def _leave_files() -> bool:
    """Landlock without a single rule: no file can be opened, made, removed or run any more."""
    if not sys.platform.startswith("linux"):
        return False
    libc = _libc()
    handled = ctypes.c_uint64(_EVERY_FILE_ACCESS_OF_ABI_1)
    ruleset = libc.syscall(_LANDLOCK_CREATE_RULESET, ctypes.byref(handled), ctypes.sizeof(handled), 0)
    if ruleset < 0:
        return False
    try:
        return bool(libc.syscall(_LANDLOCK_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
