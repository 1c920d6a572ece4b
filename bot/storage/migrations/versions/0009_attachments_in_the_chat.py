"""Attachments in the chat, cards, what agents have seen, ratings of conversations.

Revision: 0009, after 0008; made 2026-11-22.
"""

import sqlalchemy as sa
from alembic import op

import bot.storage.tables

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.alter_column("sequence", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(sa.Column("place", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("ticket_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("public_id", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("client_id", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("digest", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("thumbnail_as", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("width", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("height", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_attachments_ticket_id_tickets"),
            "tickets",
            ["ticket_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_unique_constraint(batch_op.f("uq_attachments_public_id"), ["public_id"])
        batch_op.create_unique_constraint(
            batch_op.f("uq_attachments_conversation_id_client_id"),
            ["conversation_id", "client_id"],
        )
        batch_op.create_index(batch_op.f("ix_attachments_ticket_id"), ["ticket_id"], unique=False)
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cards", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("seen_sequence", sa.Integer(), nullable=False, server_default="0")
        )
    op.create_table(
        "conversation_ratings",
        sa.Column("conversation_id", sa.String(length=32), nullable=False),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(length=1000), nullable=True),
        sa.Column("rated_at", bot.storage.tables.Instant(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"],
            ["conversations.id"],
            name=op.f("fk_conversation_ratings_conversation_id_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation_id", name=op.f("pk_conversation_ratings")),
    )


def downgrade() -> None:
    op.drop_table("conversation_ratings")
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_column("seen_sequence")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_column("cards")
    # Files that no message took along cannot be kept without the columns that go.
    op.execute("DELETE FROM attachments WHERE sequence IS NULL")
    with op.batch_alter_table("attachments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachments_ticket_id"))
        batch_op.drop_constraint(
            batch_op.f("uq_attachments_conversation_id_client_id"), type_="unique"
        )
        batch_op.drop_constraint(batch_op.f("uq_attachments_public_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("fk_attachments_ticket_id_tickets"), type_="foreignkey")
        for name in ("height", "width", "thumbnail_as", "digest", "client_id", "public_id"):
            batch_op.drop_column(name)
        batch_op.drop_column("ticket_id")
        batch_op.drop_column("place")
        batch_op.alter_column("sequence", existing_type=sa.Integer(), nullable=False)
