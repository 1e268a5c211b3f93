"""The service key's file: how it is read, refused and replaced; knows no database.

The first line is `hamn-service-key-v1`; each line after it is a generation and 32 bytes in base64.
"""

import base64
import binascii
import os
import stat
from pathlib import Path

from intake.vault.errors import KeyFileRefused
from intake.vault.service_key import ServiceKey

_FIRST_LINE = "hamn-service-key-v1"


def load_service_key(path: Path) -> ServiceKey:
    """Read the key. Raises `KeyFileRefused` when others may read the file or it is malformed; else `OSError`."""
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        if is_exposed(status.st_mode, status.st_gid):
            raise KeyFileRefused("others may read the service key's file: chmod 0400 it")
        content = file.read()
    return parse_service_key(content)


def save_service_key(path: Path, key: ServiceKey) -> None:
    """Write the key durably, readable by its owner alone: all of it, or the file stays as it was.

    Raises:
        KeyFileRefused: a generation that the file holds would be dropped or changed.
    """
    owner = None
    if path.exists():
        _require_kept(load_service_key(path), key)
        owner = path.stat()
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400), "wb") as file:
        if owner is not None and (owner.st_uid, owner.st_gid) != (os.geteuid(), os.getegid()):
            # Root replaces what the service's user must go on reading.
            os.fchown(file.fileno(), owner.st_uid, owner.st_gid)
        file.write(format_service_key(key))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    _sync_folder(path.parent)


def is_exposed(mode: int, group: int) -> bool:
    """Whether others get at the file. Readable by group root is allowed: so systemd hands over credentials."""
    by_group_root = group == 0 and not mode & (stat.S_IWGRP | stat.S_IXGRP)
    return bool(mode & stat.S_IRWXO) or (bool(mode & stat.S_IRWXG) and not by_group_root)


def parse_service_key(content: bytes) -> ServiceKey:
    """Read the file's text. Raises `KeyFileRefused`, never repeating any of it."""
    try:
        first, *lines = content.decode("ascii").split("\n")
        if first != _FIRST_LINE:
            raise KeyFileRefused("not a service key of version 1")
        pairs = [line.split(" ") for line in lines if line]
        roots = {int(number): base64.b64decode(root, validate=True) for number, root in pairs}
        if len(roots) != len(pairs):
            raise KeyFileRefused("the service key's file names a generation twice")
        return ServiceKey(roots)
    except (ValueError, binascii.Error):
        raise KeyFileRefused("the service key's file is malformed") from None


def format_service_key(key: ServiceKey) -> bytes:
    """Return the file's text, the oldest generation first."""
    lines = [f"{number} {base64.b64encode(key.roots[number]).decode()}" for number in sorted(key.roots)]
    return "\n".join([_FIRST_LINE, *lines, ""]).encode()


def _require_kept(old: ServiceKey, new: ServiceKey) -> None:
    """A lost generation is lost mailboxes and logins."""
    if any(new.roots.get(number) != root for number, root in old.roots.items()):
        raise KeyFileRefused("this would lose a generation of the service key")


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
