from intake.vault.blind import blind_candidates, blind_index
from intake.vault.service_key import Purpose
from tests.intake.vault.samples import KEY, OLD, OTHER

NUMBER = b"+46700000000"


def test_equal_values_give_equal_indexes_and_others_do_not():
    index = blind_index(KEY, Purpose.PHONE_INDEX, NUMBER)
    assert index == blind_index(KEY, Purpose.PHONE_INDEX, NUMBER)
    assert index != blind_index(KEY, Purpose.PHONE_INDEX, NUMBER + b"1")


def test_purposes_and_service_keys_cannot_be_joined():
    indexes = {blind_index(key, purpose, NUMBER) for key in (KEY, OTHER) for purpose in Purpose}
    assert len(indexes) == 2 * len(Purpose)


def test_what_was_stored_before_a_rotation_is_found_after_it():
    candidates = blind_candidates(KEY, Purpose.DEDUP, NUMBER)
    assert candidates[0] == blind_index(KEY, Purpose.DEDUP, NUMBER)
    assert candidates[1] == blind_index(OLD, Purpose.DEDUP, NUMBER)
