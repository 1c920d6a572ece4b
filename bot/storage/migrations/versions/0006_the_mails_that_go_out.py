"""The mails that go out, and what the owners of their addresses wish.

Revision: 0006, after 0005; made 2026-11-22.
"""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recipients",
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("format_wishes", sa.JSON(), nullable=False),
        sa.Column("unsubscribed_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("address", name=op.f("pk_recipients")),
    )
    op.create_table(
        "outgoing_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("template", sa.String(length=64), nullable=False),
        sa.Column("occasion", sa.String(length=64), nullable=True),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("to_name", sa.String(length=200), nullable=True),
        sa.Column("subject", sa.String(length=250), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("refused_at", Instant(), nullable=True),
        sa.Column("cause", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["tickets.id"],
            name=op.f("fk_outgoing_mails_ticket_id_tickets"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["recipient"],
            ["recipients.address"],
            name=op.f("fk_outgoing_mails_recipient_recipients"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mails")),
        sa.UniqueConstraint("message_id", name=op.f("uq_outgoing_mails_message_id")),
        sa.UniqueConstraint("occasion", name=op.f("uq_outgoing_mails_occasion")),
    )
    op.create_index("ix_outgoing_mails_recipient", "outgoing_mails", ["recipient", "created_at"])
    op.create_index(op.f("ix_outgoing_mails_ticket_id"), "outgoing_mails", ["ticket_id"])


def downgrade() -> None:
    op.drop_table("outgoing_mails")
    op.drop_table("recipients")
