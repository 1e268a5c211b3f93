import pytest

from intake.vault.errors import KeyFileRefused
from intake.vault.key_file import format_service_key, is_exposed, load_service_key, parse_service_key, save_service_key
from intake.vault.service_key import ServiceKey
from tests.intake.vault.samples import KEY, OLD, OTHER

LINE = "1 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


def test_a_saved_key_loads_and_only_its_owner_can_read_it(tmp_path):
    path = tmp_path / "service.key"
    save_service_key(path, KEY)
    assert load_service_key(path) == KEY
    assert path.stat().st_mode & 0o777 == 0o400
    assert [file.name for file in tmp_path.iterdir()] == ["service.key"]


def test_the_file_is_what_the_documentation_says():
    assert format_service_key(OLD).decode() == f"hamn-service-key-v1\n{LINE}\n"


def test_a_rotated_key_replaces_its_file(tmp_path):
    path = tmp_path / "service.key"
    save_service_key(path, OLD)
    save_service_key(path, KEY)
    assert load_service_key(path).generations == (2, 1)


@pytest.mark.parametrize("new", [OTHER, ServiceKey({2: KEY.roots[2]})], ids=["another root", "no first generation"])
def test_no_generation_is_ever_lost_by_saving(tmp_path, new):
    path = tmp_path / "service.key"
    save_service_key(path, OLD)
    with pytest.raises(KeyFileRefused):
        save_service_key(path, new)
    assert load_service_key(path) == OLD


@pytest.mark.parametrize("mode", [0o604, 0o606, 0o601, 0o620])
def test_a_file_that_others_reach_is_refused(tmp_path, mode):
    path = tmp_path / "service.key"
    save_service_key(path, OLD)
    path.chmod(mode)
    with pytest.raises(KeyFileRefused, match="chmod"):
        load_service_key(path)


@pytest.mark.parametrize(
    ("mode", "group", "exposed"),
    [
        (0o400, 1000, False),
        (0o600, 1000, False),
        (0o440, 1000, True),
        (0o440, 0, False),
        (0o460, 0, True),
        (0o450, 0, True),
        (0o444, 0, True),
        (0o402, 1000, True),
    ],
)
def test_who_may_reach_the_file(mode, group, exposed):
    assert is_exposed(0o100000 | mode, group) is exposed


@pytest.mark.parametrize(
    "content",
    [
        "",
        "hamn-service-key-v2\n" + LINE,
        LINE,
        "hamn-service-key-v1\n",
        "hamn-service-key-v1\n1 AAAA",
        "hamn-service-key-v1\none " + LINE[2:],
        "hamn-service-key-v1\n" + LINE.replace(" ", "  "),
        "hamn-service-key-v1\n" + LINE[:-2],
        f"hamn-service-key-v1\n{LINE}\n{LINE}",
        "hamn-service-key-v1\n" + LINE.replace("1 ", "0 "),
        "hamn-service-key-v1\nå",
    ],
)
def test_a_malformed_file_is_refused_without_repeating_it(content):
    with pytest.raises(KeyFileRefused) as refused:
        parse_service_key(content.encode())
    assert LINE[2:10] not in str(refused.value)
    assert refused.value.__cause__ is None
