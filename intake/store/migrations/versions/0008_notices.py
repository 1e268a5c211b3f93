"""What coordinators are told, and where; files that are still with a provider."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def _of_member(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_member_id")
    return sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    """Go forward. There is no way back: restore the backup instead."""
    op.create_table(
        "notice_addresses",
        sa.Column("member_id", sa.String(length=40), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("chosen", sa.Boolean(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        _of_member("notice_addresses"),
        sa.PrimaryKeyConstraint("member_id", "way", name=op.f("pk_notice_addresses")),
    )
    op.create_table(
        "notice_codes",
        sa.Column("member_id", sa.String(length=40), nullable=False),
        sa.Column("way", sa.String(length=16), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("tries", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        _of_member("notice_codes"),
        sa.PrimaryKeyConstraint("member_id", "way", name=op.f("pk_notice_codes")),
    )
    with op.batch_alter_table("notice_codes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_codes_code_hash"), ["code_hash"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_codes_until"), ["until"], unique=False)

    op.create_table(
        "notice_marks",
        sa.Column("member_id", sa.String(length=40), nullable=False),
        sa.Column("what", sa.String(length=16), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        _of_member("notice_marks"),
        sa.PrimaryKeyConstraint("member_id", "what", name=op.f("pk_notice_marks")),
    )
    op.create_table(
        "fetches",
        sa.Column("message_id", sa.String(length=40), nullable=False),
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bridge", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("lost", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("attempts", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.Column("leased_by", sa.String(length=40), nullable=True),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_fetches_case_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_fetches")),
    )
    with op.batch_alter_table("fetches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fetches_bridge_state_due_at"), ["bridge", "state", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_fetches_case_id"), ["case_id"], unique=False)

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("member_id", sa.String(length=40), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_outbox_member_id"), "members", ["member_id"], ["id"], ondelete="CASCADE"
        )
        batch_op.create_index(batch_op.f("ix_outbox_member_id"), ["member_id"], unique=False)
