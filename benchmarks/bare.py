"""The baselines: the same listener with next to nothing behind it, as a process of its own; knows no vault."""

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable
from enum import StrEnum
from pathlib import Path

from aiohttp import web
from sqlalchemy import Connection

from intake.listener import listen
from intake.store.engines import create_file, thread_engine
from intake.store.writer import Writer

Answer = Callable[[web.Request], Awaitable[web.Response]]
_ANSWER = {"receipt": "0" * 28, "received_by": {"name": "Regionkoordinator Nord", "answer_by": "2026-11-23T08:00:00Z"}}


class Behind(StrEnum):
    """What lies behind the listener."""

    NOTHING = "nothing"
    COMMIT_EACH = "commit-each"
    GROUP_COMMIT = "group-commit"


def _insert(conn: Connection, text: str) -> None:
    conn.exec_driver_sql("INSERT INTO bare (body) VALUES (?)", (text,))


def _create(conn: Connection) -> None:
    conn.exec_driver_sql("CREATE TABLE bare (id INTEGER PRIMARY KEY, body TEXT)")


def _answering(writer: Writer | None, behind: Behind) -> Answer:
    """Read the report, put its text into one durable row where there is a writer, answer as the service does."""

    async def answer(request: web.Request) -> web.Response:
        text = json.loads(await request.read())["text"]
        if writer is not None:
            # Alone is outside any transaction: SQLite then commits the statement by itself.
            await writer.do(lambda conn: _insert(conn, text), alone=behind is Behind.COMMIT_EACH)
        return web.json_response(_ANSWER, status=201)

    return answer


async def serve(behind: Behind, port: int, folder: Path) -> None:
    """Serve until killed."""
    writer = None
    if behind is not Behind.NOTHING:
        file = folder / f"{behind}.db"
        create_file(file)
        writer = Writer(thread_engine(file))
        await writer.do(_create)
    app = web.Application()
    app.router.add_post("/api/v1/reports", _answering(writer, behind))
    await listen(app, f"127.0.0.1:{port}")
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("behind", type=Behind)
    parser.add_argument("port", type=int)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    asyncio.run(serve(options.behind, options.port, options.folder))
