"""Writes to the database in its first argument for ever; prints a number for each commit, after it. To be killed."""

import asyncio
import sys

from sqlalchemy import text

from intake.store.database import Database


async def write_on(store: Database, first: int) -> None:
    for n in range(first, sys.maxsize, 8):
        await store.write(lambda connection, n=n: connection.execute(text(f"INSERT INTO acknowledged VALUES ({n})")))
        print(n, flush=True)


async def main() -> None:
    store = await Database.open(sys.argv[1])
    await store.write(lambda connection: connection.execute(text("CREATE TABLE acknowledged (n BIGINT PRIMARY KEY)")))
    await asyncio.gather(*(write_on(store, first) for first in range(8)))


if __name__ == "__main__":
    asyncio.run(main())
