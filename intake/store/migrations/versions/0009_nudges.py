"""When each case next needs somebody, what was said of it so far, and who is away."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_NUDGED = sa.text("next_nudge_at IS NOT NULL")
_TIMES = ("unread_since", "unanswered_since", "plea_by", "snoozed_until", "next_nudge_at", "renewed_at")


def upgrade() -> None:
    """Go forward. There is no way back: restore the backup instead."""
    with op.batch_alter_table("cases", schema=None) as batch_op:
        for name in _TIMES:
            batch_op.add_column(sa.Column(name, sa.BigInteger(), nullable=True))
    op.execute("UPDATE cases SET unread_since = received_at WHERE status = 'new'")
    op.execute("UPDATE cases SET unanswered_since = received_at WHERE status IN ('new', 'opened')")
    # Due at once: the first sweep computes what each open case really needs.
    op.execute("UPDATE cases SET next_nudge_at = received_at, renewed_at = received_at WHERE closed_at IS NULL")
    for columns in (["desk", "next_nudge_at"], ["renewed_at"]):
        name = op.f(f"ix_cases_{'_'.join(columns)}")
        op.create_index(name, "cases", columns, sqlite_where=_NUDGED, postgresql_where=_NUDGED)
    _tables()


def _tables() -> None:
    op.create_table(
        "nudges",
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("rule", sa.String(length=24), nullable=False),
        sa.Column("about", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_nudges_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("case_id", "rule", name=op.f("pk_nudges")),
    )
    op.create_table(
        "desk_nudges",
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("alarmed_at", sa.BigInteger(), nullable=True),
        sa.Column("called_at", sa.BigInteger(), nullable=True),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("desk", name=op.f("pk_desk_nudges")),
    )
    op.create_table(
        "absences",
        sa.Column("member_id", sa.String(length=40), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("deputy_id", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_absences_member_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["deputy_id"], ["members.id"], name=op.f("fk_absences_deputy_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_absences")),
    )
    op.create_index(op.f("ix_absences_deputy_id"), "absences", ["deputy_id"], unique=False)
