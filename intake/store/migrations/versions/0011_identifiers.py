"""Identifiers of received cases, blind-indexed."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward. There is no way back: restore the backup instead."""
    op.create_table(
        "identifiers",
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("advertised", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_identifiers_case_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("lookup", "case_id", name="pk_identifiers"),
    )
    op.create_index("ix_identifiers_case_id", "identifiers", ["case_id"], unique=False)
