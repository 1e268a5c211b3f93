"""Sends reports as fast as they are answered, as a process of its own; knows HTTP, nothing of the service.

Light on purpose: on two cores whatever it takes is missing at the server. Requests are put together beforehand, one
connection a sender, and an answer is read no further than its status and length.
"""

import argparse
import asyncio
import json
import resource
import secrets
import statistics
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import count
from time import perf_counter

from benchmarks.texts import ordinary_texts

_TEXTS = 64
_WARM_UP = 0.5
"""Seconds that are not counted."""
_AT_LEAST = 200
"""Accepted reports below which a percentile means nothing: a slow server is measured for longer."""
_END_OF_HEAD = b"\r\n\r\n"
_LENGTH = b"content-length:"


@dataclass(frozen=True, slots=True)
class Measured:
    """What the senders saw. Latencies in milliseconds; `cpu` is this process's own time in seconds.

    `sent` counts the warm-up too, which nothing else here does.
    """

    sent: int
    accepted: int
    refused: dict[str, int]
    seconds: float
    p50: float
    p95: float
    p99: float
    cpu: float

    @property
    def rate(self) -> float:
        """Accepted a second."""
        return self.accepted / self.seconds


class Requests:
    """An endless supply, each with an `Idempotency-Key` of its own so that it is a new report."""

    def __init__(self, port: int, path: str, extra: dict[str, str]) -> None:
        head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n"
        bodies = [json.dumps({"text": text, **extra}, ensure_ascii=False).encode() for text in ordinary_texts(_TEXTS)]
        self._begins = [f"{head}Content-Length: {len(body)}\r\nIdempotency-Key: ".encode() for body in bodies]
        self._ends = [_END_OF_HEAD + body for body in bodies]
        self._run = secrets.token_hex(16)
        self._numbers = count()

    def take(self) -> bytes:
        """The next request, whole."""
        number = next(self._numbers)
        which = number % _TEXTS
        return b"%s%s%012d%s" % (self._begins[which], self._run.encode(), number, self._ends[which])


class Course:
    """How long to go on, and what was seen."""

    def __init__(self, requests: Requests, seconds: float, most: int | None) -> None:
        self.requests = requests
        self.sent = 0
        self.latencies: list[float] = []
        self.refused: Counter[str] = Counter()
        self.counts_from = perf_counter() + (0 if most else _WARM_UP)
        self._ends_at = self.counts_from + seconds
        self._left = sys.maxsize if most is None else most

    def goes_on(self) -> bool:
        """Whether another report is to be sent; takes it off what is left."""
        self._left -= 1
        return self._left >= 0 and (perf_counter() < self._ends_at or len(self.latencies) < _AT_LEAST)

    def note(self, status: bytes, sent_at: float) -> None:
        """An answer has come."""
        now = perf_counter()
        self.sent += 1
        if sent_at < self.counts_from:
            return
        if status == b"201":
            self.latencies.append(now - sent_at)
        else:
            self.refused[status.decode()] += 1


class Sender(asyncio.Protocol):
    """One person who sends one report after another over one connection."""

    def __init__(self, course: Course) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._course = course
        self._got = b""
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, found, rest = self._got.partition(_END_OF_HEAD)
        if found and len(rest) >= _content_length(head):
            self._course.note(head[9:12], self._sent_at)
            self._got = b""
            self._send()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(error or ConnectionError("the server hung up"))

    def _send(self) -> None:
        if not self._course.goes_on():
            self.done.set_result(None)
            self._transport.close()
            return
        self._sent_at = perf_counter()
        self._transport.write(self._course.requests.take())


def _content_length(head: bytes) -> int:
    lowered = head.lower()
    start = lowered.index(_LENGTH) + len(_LENGTH)
    return int(lowered[start:].split(b"\r\n", 1)[0])


async def send_all(port: int, senders: int, course: Course) -> Measured:
    """Let `senders` send at once until the course is over."""
    loop = asyncio.get_running_loop()
    lines = [(await loop.create_connection(lambda: Sender(course), "127.0.0.1", port))[1] for _ in range(senders)]
    await asyncio.gather(*(line.done for line in lines))
    seconds = perf_counter() - course.counts_from
    used = resource.getrusage(resource.RUSAGE_SELF)
    marks = [1000 * mark for mark in statistics.quantiles(course.latencies, n=100)]
    return Measured(
        sent=course.sent,
        accepted=len(course.latencies),
        refused=dict(course.refused),
        seconds=seconds,
        p50=marks[49],
        p95=marks[94],
        p99=marks[98],
        cpu=used.ru_utime + used.ru_stime,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Send, and print what was measured as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("port", type=int)
    parser.add_argument("--path", default="/api/v1/reports")
    parser.add_argument("--senders", type=int, default=32)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--most", type=int, help="stop after so many reports")
    parser.add_argument("--extra", type=json.loads, default={}, help="more fields of the report, as JSON")
    options = parser.parse_args(arguments)
    requests = Requests(options.port, options.path, options.extra)

    async def sending() -> Measured:
        return await send_all(options.port, options.senders, Course(requests, options.seconds, options.most))

    print(json.dumps(asdict(asyncio.run(sending()))))


if __name__ == "__main__":
    main()
