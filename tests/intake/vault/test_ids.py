import re

from intake.vault.ids import new_case_id, new_id, new_member_id, new_message_id


def test_an_id_is_26_plain_characters():
    for make in (new_id, new_case_id, new_message_id, new_member_id):
        assert re.fullmatch(r"[a-z2-7]{26}", make())


def test_ids_do_not_repeat_and_tell_no_order():
    made = [new_id() for _ in range(1000)]
    assert len(set(made)) == 1000
    assert made != sorted(made)
