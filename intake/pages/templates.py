"""Makes the environment that renders a listener's pages: escaped, strict, in the reader's language; knows no page."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from aiohttp import web
from jinja2 import Environment, PackageLoader, PrefixLoader, StrictUndefined, Template, pass_context
from jinja2.loaders import ChoiceLoader
from jinja2.runtime import Context

from intake.pages.translations import Language


def make_environment(package: str, **constants: object) -> Environment:
    """Templates of `package`'s folder `templates`, and those both listeners share as ``shared/…``.

    `constants` are the same on every page. A page is rendered with `language`, a `Language`; templates import macros
    ``with context``, since the words come from there. Everything is escaped; an unknown name is an error.
    """
    shared = PrefixLoader({"shared": PackageLoader("intake.pages", "templates")})
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(package, "templates"), shared]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    environment.globals.update(constants)
    environment.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    return environment


@dataclass(frozen=True, slots=True)
class Pages:
    """Every template of a listener, compiled: what can fail in one fails at start-up, not before a person."""

    templates: Mapping[str, Template] = field(repr=False)

    @classmethod
    def compiled(cls, environment: Environment) -> "Pages":
        """Compile all that the environment's loader lists."""
        return cls({name: environment.get_template(name) for name in environment.list_templates(["html"])})

    def show(self, name: str, language: Language, status: HTTPStatus = HTTPStatus.OK, **values: object) -> web.Response:
        """Render a page. Half a surrogate, which some text may hold, becomes a question mark."""
        page = self.templates[name].render(language=language, **values).encode(errors="replace")
        return web.Response(status=status, body=page, content_type="text/html", charset="utf-8")


@pass_context
def _gettext(context: Context, message: str) -> str:
    language: Language = context["language"]
    return language.words.gettext(message)


@pass_context
def _ngettext(context: Context, singular: str, plural: str, number: int) -> str:
    language: Language = context["language"]
    return language.words.ngettext(singular, plural, number)
