"""The process beside the service: a job comes in on the pipe, its answer goes out; keeps, logs and stores nothing."""

import gc
import pickle
import signal
import sys
from contextlib import suppress
from typing import BinaryIO

from intake.crew.frames import framed, read_frame
from intake.crew.shop import Shop, set_up

_READY, _FAILED = b"ready", b""


def main() -> None:
    """Work until the pipe is closed, which it is too when the service is killed."""
    # The service is told to stop, and closes the pipe when the last job is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    jobs, answers = sys.stdin.buffer, sys.stdout.buffer
    tools = read_frame(jobs)
    if tools is None:
        return
    shop = set_up(tools)
    gc.freeze()
    _say(answers, _READY)
    while (job := read_frame(jobs)) is not None:
        _say(answers, _done(shop, job))


def _done(shop: Shop, job: bytes) -> bytes:
    try:
        work, args, kwargs = pickle.loads(job)  # noqa: S301 (from the process that started this one)
        return pickle.dumps(work(shop, *args, **kwargs), pickle.HIGHEST_PROTOCOL)
    except Exception:  # noqa: BLE001 (whoever asked does it again, and meets the same exception where it can be told)
        return _FAILED


def _say(answers: BinaryIO, payload: bytes) -> None:
    answers.write(framed(payload))
    answers.flush()


if __name__ == "__main__":
    with suppress(BrokenPipeError):  # nobody waits for the answer any more
        main()
