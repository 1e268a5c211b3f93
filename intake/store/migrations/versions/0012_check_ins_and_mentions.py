"""Check-ins that could not go, colleagues' notes to somebody, and closed cases told of before they are deleted."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_AHEAD = 7 * 86400


def upgrade() -> None:
    """Go forward. There is no way back: restore the backup instead."""
    op.create_table(
        "mentions",
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("member_id", sa.String(length=40), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_mentions_case_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_mentions_member_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "member_id", name=op.f("pk_mentions")),
    )
    op.create_index("ix_mentions_member_id", "mentions", ["member_id"], unique=False)
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("check_in_lost_at", sa.BigInteger(), nullable=True))
    # A promise to look is enough: the sweep asks the rules of today.
    cases = sa.table("cases", *(sa.column(name) for name in ("closed_at", "delete_at", "next_nudge_at")))
    ahead = cases.update().where(cases.c.closed_at.is_not(None), cases.c.delete_at.is_not(None))
    op.execute(ahead.values(next_nudge_at=cases.c.delete_at - _AHEAD))
