"""Ports for what is started by number: below those that the system hands out, each test process with its own."""

import os
import random
import socket

_LOWEST = 20_000
_OWN = 1_500
_SPANS = 8


def free_ports(number: int) -> list[int]:
    """Ports in a row that nobody listens on. No other process of this test run asks among the same."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    lowest = _LOWEST + worker % _SPANS * _OWN
    while True:
        first = random.randrange(lowest, lowest + _OWN - number)
        row = list(range(first, first + number))
        if all(map(_is_free, row)):
            return row


def _is_free(port: int) -> bool:
    with socket.socket() as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
