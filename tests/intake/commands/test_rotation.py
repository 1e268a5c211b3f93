"""A new generation of the service key: added whole or not at all, and never beside a service that runs."""

from pathlib import Path

import pytest

from intake.commands.rotation import rotate_service_key
from intake.config import Config, ConfigError
from intake.store.alone import Occupied, alone
from intake.vault.key_file import load_service_key, save_service_key
from intake.vault.service_key import ServiceKey
from tests.service import make_config

OLD = ServiceKey.generate()


class Killed(BaseException):
    """The process ended here."""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    key = tmp_path / "service.key"
    save_service_key(key, OLD)
    service = {"national_desk": "nationell", "key_file": str(key)}
    return make_config(service=service, database={"url": f"sqlite:///{tmp_path}/hamn.db"})


def held(config: Config) -> ServiceKey:
    return load_service_key(Path(config.service.key_file))


def test_each_time_a_generation_is_added_and_the_older_ones_stay(config: Config):
    assert [rotate_service_key(config), rotate_service_key(config)] == [2, 3]
    assert (held(config).generations, held(config).roots[1]) == ((3, 2, 1), OLD.roots[1])


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace"])
def test_whoever_is_killed_on_the_way_has_the_old_key_and_may_begin_anew(config: Config, monkeypatch, step: str):
    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(step, killed)
        with pytest.raises(Killed):
            rotate_service_key(config)
    assert held(config) == OLD
    assert rotate_service_key(config) == 2
    folder = Path(config.service.key_file).parent
    assert {file.name for file in folder.iterdir()} == {"service.key", "hamn.db.lock"}


def test_nothing_is_rotated_beside_a_service_that_runs(config: Config):
    with alone(config.database.url), pytest.raises(Occupied):
        rotate_service_key(config)
    assert held(config) == OLD


def test_a_key_that_is_not_there_is_named(config: Config):
    Path(config.service.key_file).unlink()
    with pytest.raises(ConfigError, match="key_file"):
        rotate_service_key(config)
