"""Corrections, saved views and waiting states."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward. There is no way back: restore the backup instead."""
    op.create_table(
        "corrections",
        sa.Column("label_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("label_hash", name=op.f("pk_corrections")),
    )
    op.create_table(
        "views",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("member_id", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_views_member_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_views")),
    )
    op.create_index(op.f("ix_views_member_id"), "views", ["member_id"], unique=False)
    op.add_column("cases", sa.Column("waiting", sa.String(length=24), nullable=True))
    op.create_index("ix_cases_status", "cases", ["desk", "status", "due_at", "id"], unique=False)
    op.create_index("ix_cases_assignee", "cases", ["assignee", "due_at"], unique=False)
