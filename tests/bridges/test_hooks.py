"""Any body at all: a provider's parser answers with events or refuses, and never falls over."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bridges.contract import Inbound, Report
from bridges.hooks import Hook, Ignore, Refused, clean, source_of
from bridges.load import load
from bridges.settings import read
from tests.bridges.phones import PHONES, Phone, Said
from tests.bridges.runner import NOW

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
NAMES = st.sampled_from(
    [
        "type",
        "id",
        "from",
        "to",
        "body",
        "batch_id",
        "status",
        "statuses",
        "media",
        "results",
        "messageId",
        "message",
        "text",
        "concat",
        "concat-part",
        "concat-total",
        "msisdn",
        "message_uuid",
        "image",
        "url",
        "source",
        "content",
        "userData",
        "resultCode",
        "groupName",
        "part",
        "ref",
        "total",
        "number",
    ]
)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=6))
FAST = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def parsed(phone: Phone, body: bytes) -> list:
    """The events of a body, or none where it is refused."""
    module = load(phone.type)
    headers = {"content-type": phone.content_type}
    hook = Hook(
        bridge="phone", at=NOW, method="POST", url="https://hamn.example/hooks/phone", headers=headers, body=body
    )
    try:
        return module.parse(hook, read(module.Settings, phone.table))
    except Refused:
        return []


@pytest.mark.parametrize("phone", PHONES, ids=lambda phone: phone.label)
@FAST
@given(value=VALUES)
def test_any_json_is_parsed_or_refused(phone, value):
    for event in parsed(phone, json.dumps(value).encode()):
        assert isinstance(event, Inbound | Report | Ignore)
        if isinstance(event, Inbound):
            event.text.encode()
            event.address.value.encode()


@pytest.mark.parametrize("phone", PHONES, ids=lambda phone: phone.label)
@FAST
@given(body=st.binary(max_size=200))
def test_any_bytes_are_parsed_or_refused(phone, body):
    assert all(isinstance(event, Inbound | Report | Ignore) for event in parsed(phone, body))


@pytest.mark.parametrize("phone", PHONES, ids=lambda phone: phone.label)
@FAST
@given(text=st.text(alphabet=st.characters(exclude_categories=()), max_size=80))
def test_any_text_comes_through_as_it_was_sent(phone, text):
    [event] = parsed(phone, phone.write(Said(text)))
    assert event.text == clean(text)


def test_a_repr_shows_neither_text_nor_number_nor_credentials():
    hook = Hook(
        bridge="phone",
        at=NOW,
        method="POST",
        url="https://x/?From=%2B46701234567",
        headers={"authorization": "Basic c2VjcmV0"},
        body=b"kanarie",
        source="10.0.0.1",
    )
    assert not any(word in repr(hook) for word in ("467", "c2Vj", "kanarie", "10.0"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "source"),
    [
        ("10.0.0.1", "1.2.3.4", "1.2.3.4"),
        ("10.0.0.1", "9.9.9.9, 1.2.3.4, 10.0.0.2", "1.2.3.4"),
        ("8.8.8.8", "1.2.3.4", None),
        ("10.0.0.1", "", None),
        ("10.0.0.1", "unknown", None),
        (None, "1.2.3.4", None),
    ],
)
def test_only_trusted_proxies_tell_where_a_request_came_from(peer, forwarded, source):
    assert source_of(peer, forwarded, ("10.0.0.0/8",)) == source
