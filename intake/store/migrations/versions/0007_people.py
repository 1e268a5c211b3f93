"""Passkeys, what one sees of one's sessions, and the register."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward. There is no way back: restore the backup instead."""
    # Nobody knows when these began: everybody logs in once more.
    op.execute("DELETE FROM sessions")
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("sealed_device", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("began_at", sa.BigInteger(), nullable=True))
    with op.batch_alter_table("sessions", schema=None) as batch_op:
        batch_op.alter_column("sealed_device", existing_type=sa.LargeBinary(), nullable=False)
        batch_op.alter_column("began_at", existing_type=sa.BigInteger(), nullable=False)
    op.create_table(
        "passkeys",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("member_id", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("mac", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_passkeys_member_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_passkeys"),
    )
    op.create_index("ix_passkeys_member_id", "passkeys", ["member_id"], unique=False)
    op.create_table(
        "register",
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("desk", sa.String(length=40), nullable=False),
        sa.Column("received_on", sa.BigInteger(), nullable=False),
        sa.Column("closed_on", sa.BigInteger(), nullable=True),
        sa.Column("deleted_on", sa.BigInteger(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", name="pk_register"),
    )
    op.create_index("ix_register_received_on_case_id", "register", ["received_on", "case_id"], unique=False)
    op.create_table(
        "register_messages",
        sa.Column("case_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("direction", sa.String(length=16), nullable=False),
        sa.Column("day", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "number", name="pk_register_messages"),
    )
