"""Casework, retention and the numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward. There is no way back: restore the backup instead."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("follow_up_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("held", sa.String(length=24), nullable=True))
        batch_op.create_index("ix_cases_newest", ["desk", "received_at", "id"])
    op.create_table(
        "ticks",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticks")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "counters",
        sa.Column("cell_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("cell_hash", name=op.f("pk_counters")),
        sqlite_with_rowid=False,
    )
