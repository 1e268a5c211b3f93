"""A new generation of the service key, for what is written from now on; what lies there stays as it is. Reads no row.

The file is replaced in one step: whoever is killed before it has the old key whole, whoever is killed after it the new.
"""

from pathlib import Path

from intake.config import Config, ConfigError
from intake.store.alone import alone
from intake.vault.key_file import load_service_key, save_service_key


def rotate_service_key(config: Config) -> int:
    """Add a generation to the key's file; returns its number.

    A process that read the key before cannot read what is written under the new one, so none may serve meanwhile; on
    PostgreSQL nothing here can tell.

    Raises:
        Occupied: the service runs.
        ConfigError: the file cannot be read.
        KeyFileRefused: others may read it, or it is malformed.
    """
    path = Path(config.service.key_file)
    with alone(config.database.url):
        try:
            rotated = load_service_key(path).rotate()
        except OSError as error:
            raise ConfigError("service.key_file", f"cannot be read ({error.strerror})") from None
        save_service_key(path, rotated)
    return rotated.newest
