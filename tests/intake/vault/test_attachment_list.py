import json
from dataclasses import fields, replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from intake.model import Attachment, AttachmentId, Context, Direction, RecipientKind
from intake.parser.verdict import Media
from intake.vault.attachment_list import ATTACHMENT_LISTS
from intake.vault.envelope import seal_envelope
from intake.vault.errors import Tampered
from tests.intake.vault.samples import CONTEXT, DESK, SYD, TO_DESK

PLACE = Context(CONTEXT.case, CONTEXT.message, Direction.ATTACHMENTS)
PARTS = {
    "id": st.text(max_size=26).map(AttachmentId),
    "kind": st.sampled_from(Media),
    "media": st.sampled_from(Media),
    "size": st.integers(0, 2**31),
    "name": st.text(max_size=20),
    "key": st.binary(min_size=32, max_size=32),
    "original": st.booleans(),
}
FILE = Attachment(AttachmentId("a" * 26), Media.HEIC, Media.JPEG, 7, "bild.heic", b"k" * 32)


def test_the_property_below_covers_every_field_there_is():
    assert {field.name for field in fields(Attachment)} == set(PARTS)


@given(st.lists(st.builds(Attachment, **PARTS), max_size=4).map(tuple))
@example((replace(FILE, name="\ud800 half a character"),))
def test_every_list_comes_back_and_has_one_text(files):
    text = ATTACHMENT_LISTS.to_json(files)
    assert ATTACHMENT_LISTS.from_json(text) == files
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":")).encode()


def test_a_sealed_list_comes_back_to_its_desk():
    envelope = ATTACHMENT_LISTS.seal(PLACE, [FILE], [TO_DESK])
    assert ATTACHMENT_LISTS.open(envelope, RecipientKind.DESK, SYD, 1, DESK) == (FILE,)


def test_a_list_is_sealed_and_opened_as_a_list_only():
    with pytest.raises(ValueError, match="sealed as"):
        ATTACHMENT_LISTS.seal(CONTEXT, [FILE], [TO_DESK])
    message = seal_envelope(CONTEXT, ATTACHMENT_LISTS.to_json([FILE]), [TO_DESK])
    for envelope in (message, replace(message, context=PLACE)):
        with pytest.raises(Tampered):
            ATTACHMENT_LISTS.open(envelope, RecipientKind.DESK, SYD, 1, DESK)


WRONG = [b"", b"{}", b"[]", b"null", b"\xff", b'{"form":2,"files":[]}', b'{"form":1,"files":[{}]}', b'{"form":1}']


@pytest.mark.parametrize("text", [*WRONG, ATTACHMENT_LISTS.to_json([FILE]).replace(b"heic", b"exe.")])
def test_what_is_no_list_is_refused_without_repeating_it(text):
    with pytest.raises(Tampered) as refused:
        ATTACHMENT_LISTS.from_json(text)
    assert "exe" not in str(refused.value)


def test_neither_name_nor_key_is_in_the_words_for_it():
    assert "bild" not in repr(FILE)
    assert "kkk" not in repr(FILE)
