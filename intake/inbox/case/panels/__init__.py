"""What stands beside the conversation on a case's page: a file a matter, each gives the template its values."""

from collections.abc import Awaitable, Callable, Mapping

from intake.casework import OpenCase
from intake.inbox.case.panels import casefile, checkin, files, identifiers, later, leading, reach, work
from intake.inbox.visit import WorkVisit

Panel = Callable[[WorkVisit, OpenCase], Awaitable[Mapping[str, object]]]

PANELS: tuple[Panel, ...] = (
    files.panel,
    reach.panel,
    checkin.panel,
    work.panel,
    later.panel,
    casefile.panel,
    identifiers.panel,
    leading.panel,
)
"""In the order in which they are asked; each names its values as nobody else does."""
