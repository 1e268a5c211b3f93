"""Notices by e-mail."""

from datetime import timedelta
from email import message_from_string, policy

import pytest

from bridges.contract import Address, BadSetting, Channel, Reason, Undelivered
from bridges.load import build
from tests.bridges.runner import NOW, outbound, surroundings
from tests.bridges.sending import MAILBOX
from tests.doubles import Mood, SmtpDouble

TABLE = {"host": "127.0.0.1", "tls": "none", "sender": "hamn@hamn.example"}


def bridge(port: int, **more):
    """The bridge beside the double."""
    return build("smtp", "mail", TABLE | {"port": port, **more}, surroundings())


async def test_a_notice_says_what_it_was_given_and_who_it_is_from():
    double = SmtpDouble()
    async with double.serve() as port:
        sent = await bridge(port).send(outbound("Något väntar: Ö-17", MAILBOX, subject="Något väntar"))
    mail = message_from_string(double.mails[0], policy=policy.default)
    assert (mail["Subject"], mail["From"], mail["To"]) == ("Något väntar", TABLE["sender"], MAILBOX.value)
    assert mail.get_content().strip() == "Något väntar: Ö-17"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert sent.ids == (mail["Message-ID"],) == ("<out-row-1@hamn.example>",)


@pytest.mark.parametrize(
    "broken",
    [{"subject": "a\nBcc: x@y.example"}, {"address": Address(Channel.EMAIL, "a@b.example\r\nBcc: x@y.example")}],
    ids=["subject", "address"],
)
async def test_a_line_break_cannot_add_a_header(broken):
    double = SmtpDouble()
    async with double.serve() as port:
        with pytest.raises(Undelivered) as caught:
            await bridge(port).send(outbound(**({"address": MAILBOX} | broken)))
    assert (caught.value.reason, double.mails) == (Reason.UNSUITABLE, [])


async def test_a_server_without_tls_gets_nothing_where_tls_is_wanted():
    double = SmtpDouble()
    async with double.serve() as port:
        with pytest.raises(Undelivered) as caught:
            await bridge(port, tls="starttls").send(outbound(address=MAILBOX))
    assert (caught.value.reason, double.mails) == (Reason.ACCOUNT, [])


@pytest.mark.parametrize(
    ("mood", "reason", "again"),
    [
        (Mood.REFUSES, Reason.ADDRESS, False),
        (Mood.THROTTLES, Reason.UNAVAILABLE, True),
        (Mood.FORBIDS, Reason.ACCOUNT, True),
        (Mood.DOWN, Reason.UNAVAILABLE, True),
        (Mood.LIES, Reason.UNCERTAIN, True),
    ],
)
async def test_the_servers_codes_are_understood(mood, reason, again):
    double = SmtpDouble()
    double.mood = mood
    async with double.serve() as port:
        with pytest.raises(Undelivered) as caught:
            await bridge(port).send(outbound(address=MAILBOX, expires_at=NOW + timedelta(hours=1)))
    assert (caught.value.reason, caught.value.retry is not None) == (reason, again)


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("tls", {"host": "mail.example"}),
        ("tls", {"tls": "perhaps"}),
        ("sender", {"sender": "hamn"}),
        ("password_file", {"username": "u"}),
        ("port", {"port": "25"}),
        ("odd", {"odd": 1}),
    ],
)
def test_a_wrong_setting_refuses_to_start_and_is_named(key, change):
    with pytest.raises(BadSetting, match=key):
        build("smtp", "mail", TABLE | change, surroundings())
