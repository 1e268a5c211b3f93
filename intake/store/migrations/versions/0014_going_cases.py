"""How many closed cases go soon is counted without a look at all that are closed."""

from alembic import op
from sqlalchemy import text

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_MAY_GO = text("closed_at IS NOT NULL AND held IS NULL")


def upgrade() -> None:
    """Go forward. There is no way back: restore the backup instead."""
    columns = ["desk", "delete_at"]
    op.create_index("ix_cases_going", "cases", columns, sqlite_where=_MAY_GO, postgresql_where=_MAY_GO)
