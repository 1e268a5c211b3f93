"""Lists that take no longer when there are a million cases: indexes for lent and for closed ones."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_CLOSED = sa.text("closed_at IS NOT NULL")


def upgrade() -> None:
    """Go forward. There is no way back: restore the backup instead."""
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("closed_at", sa.BigInteger(), nullable=True))
    op.execute(
        "UPDATE grants SET due_at = (SELECT due_at FROM cases WHERE cases.id = grants.case_id),"
        " closed_at = (SELECT closed_at FROM cases WHERE cases.id = grants.case_id)"
    )
    with op.batch_alter_table("grants", schema=None) as batch_op:
        batch_op.alter_column("due_at", existing_type=sa.BigInteger(), nullable=False)
        batch_op.create_index("ix_grants_open", ["desk", "closed_at", "due_at", "case_id"], unique=False)
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(
            "ix_cases_closed",
            ["desk", "due_at", "id"],
            unique=False,
            sqlite_where=_CLOSED,
            postgresql_where=_CLOSED,
        )
