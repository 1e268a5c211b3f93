"""How the session's cookie is set."""

import pytest

from intake.inbox.cookie import SessionCookie


@pytest.mark.parametrize(
    ("url", "name", "secure"),
    [
        ("https://inkorg.example", "__Host-hamn", True),
        ("https://127.0.0.1:8081", "__Host-hamn", True),
        ("http://127.0.0.1:8081", "hamn", False),
        ("http://localhost:8081", "hamn", False),
        ("http://[::1]:8081", "hamn", False),
        ("http://inkorg.example", "__Host-hamn", True),
        ("http://127.0.0.1.evil.example", "__Host-hamn", True),
        ("http://10.0.0.1", "__Host-hamn", True),
        ("", "__Host-hamn", True),
    ],
)
def test_only_this_very_machine_is_spoken_to_without_tls(url: str, name: str, secure: bool) -> None:
    assert SessionCookie.for_url(url) == SessionCookie(name, secure)
