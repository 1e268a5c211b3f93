"""A browser as far as the inbox needs one: keeps its cookie, reads forms, follows nothing by itself."""

from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from re import findall, sub

from aiohttp import DummyCookieJar
from aiohttp.test_utils import TestClient
from multidict import CIMultiDictProxy

from tests.service import PASSPHRASE


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    text: str
    headers: CIMultiDictProxy[str]

    @property
    def location(self) -> str | None:
        return self.headers.get("Location")

    @property
    def words(self) -> str:
        """What a person reads: the page without its tags."""
        return unescape(sub("<[^>]+>", "", self.text))

    @property
    def cases(self) -> list[str]:
        """The cases that the page links to, in order."""
        return list(dict.fromkeys(findall(r'href="/cases/([a-z2-7]{26})"', self.text)))

    def form(self, action: str) -> dict[str, str]:
        """The fields of the form that goes to `action`, as the page fills them."""
        reader = _Forms()
        reader.feed(self.text)
        return reader.forms[action]


@dataclass
class Browser:
    """One visitor with one cookie. Other headers are sent with every request."""

    client: TestClient
    headers: dict[str, str] = field(default_factory=lambda: {"Accept-Language": "en"})
    cookie: str | None = None

    async def get(self, path: str, **headers: str) -> Answer:
        return await self._send("GET", path, None, headers)

    async def post(self, path: str, form: dict[str, str] | None = None, **headers: str) -> Answer:
        return await self._send("POST", path, form or {}, headers)

    async def fill_in(self, page: str, action: str, **fields: str) -> Answer:
        """Open a page, fill in its form and send it."""
        form = (await self.get(page)).form(action)
        return await self.post(action, {**form, **fields})

    async def log_in(self, login: str, passphrase: str = PASSPHRASE, code: str = "") -> Answer:
        return await self.fill_in("/login", "/login", login=login, passphrase=passphrase, code=code)

    async def _send(self, method: str, path: str, form: dict[str, str] | None, more: dict[str, str]) -> Answer:
        headers = self.headers | {name.replace("_", "-"): value for name, value in more.items()}
        if self.cookie is not None:
            headers["Cookie"] = f"hamn={self.cookie}"
        async with self.client.request(method, path, data=form, headers=headers, allow_redirects=False) as response:
            if (given := response.cookies.get("hamn")) is not None:
                self.cookie = given.value or None
            return Answer(response.status, await response.text(errors="strict"), response.headers)


def without_jar(app: object) -> TestClient:
    """A client that leaves cookies to `Browser`."""
    return TestClient(app, cookie_jar=DummyCookieJar())


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: dict[str, dict[str, str]] = {}
        self._form: dict[str, str] = {}
        self._area: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self._form = self.forms.setdefault(given["action"] or "", {})
        elif tag == "input" and given.get("name") and (given.get("type") != "checkbox" or "checked" in given):
            self._form[given["name"]] = given.get("value") or ""
        elif tag == "textarea" and given.get("name"):
            self._area = given["name"]
            self._form[self._area] = ""

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._form[self._area] += data.removeprefix("\n") if not self._form[self._area] else data

    def handle_endtag(self, tag: str) -> None:
        self._area = None if tag == "textarea" else self._area
