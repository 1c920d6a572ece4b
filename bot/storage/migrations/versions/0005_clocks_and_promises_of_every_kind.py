"""States of a ticket beyond open and resolved, its clocks, and promises of every kind.

Revision: 0005, after 0004; made 2026-11-22.
"""

import sqlalchemy as sa
from alembic import op

from bot.storage.tables import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

RUNNING = sa.text("stopped_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.alter_column("state", type_=sa.String(24), existing_nullable=False)
        batch_op.add_column(
            sa.Column("attachment_count", sa.Integer(), nullable=False, server_default="0")
        )
        batch_op.create_index("ix_tickets_order", ["order_number", "category"])
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.alter_column("ticket_id", existing_type=sa.Integer(), nullable=True)
        batch_op.add_column(
            sa.Column("kind", sa.String(24), nullable=False, server_default="first_reply")
        )
        batch_op.add_column(sa.Column("calendar", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("conversation_id", sa.String(32), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_promises_conversation_id_conversations"),
            "conversations",
            ["conversation_id"],
            ["id"],
            ondelete="CASCADE",
        )
        batch_op.create_index(op.f("ix_promises_conversation_id"), ["conversation_id"])
        batch_op.create_index("ix_promises_counted", ["clause", "kind", "kept_at", "due_at"])
    with op.batch_alter_table("ticket_moves", schema=None) as batch_op:
        batch_op.alter_column("from_state", type_=sa.String(24), existing_nullable=True)
        batch_op.alter_column("to_state", type_=sa.String(24), existing_nullable=False)
        batch_op.add_column(sa.Column("promise_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_ticket_moves_promise_id_promises"),
            "promises",
            ["promise_id"],
            ["id"],
            ondelete="SET NULL",
        )
    op.create_table(
        "ticket_clocks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("promise_id", sa.Integer(), nullable=True),
        sa.Column("started_at", Instant(timezone=True), nullable=False),
        *(
            sa.Column(name, Instant(timezone=True), nullable=True)
            for name in ("due_at", "warns_75_at", "warns_before_at", "next_at", "paused_at")
        ),
        sa.Column("remaining", sa.Integer(), nullable=True),
        *(
            sa.Column(name, Instant(timezone=True), nullable=True)
            for name in ("warned_75_at", "warned_before_at", "escalated_at", "stopped_at")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"],
            ["tickets.id"],
            name=op.f("fk_ticket_clocks_ticket_id_tickets"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["promise_id"],
            ["promises.id"],
            name=op.f("fk_ticket_clocks_promise_id_promises"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_clocks")),
    )
    op.create_index("ix_ticket_clocks_next_at", "ticket_clocks", ["next_at"])
    op.create_index("ix_ticket_clocks_ticket_id", "ticket_clocks", ["ticket_id"])
    op.create_index(
        "ix_ticket_clocks_due",
        "ticket_clocks",
        ["due_at"],
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )
    op.create_index(
        "ix_ticket_clocks_one_running",
        "ticket_clocks",
        ["ticket_id", "kind"],
        unique=True,
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )
    # A ticket that waits for its first reply has had its date told: its clock goes on from there.
    # A warning that is past by now is given in the worker's next round.
    op.execute(
        "INSERT INTO ticket_clocks (ticket_id, kind, promise_id, started_at, due_at, warns_75_at,"
        " warns_before_at, next_at)"
        " SELECT ticket_id, 'first_reply', id, counted_from, due_at, due_at, due_at, due_at"
        " FROM promises WHERE kept_at IS NULL"
    )


def downgrade() -> None:
    op.drop_table("ticket_clocks")
    with op.batch_alter_table("ticket_moves", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_ticket_moves_promise_id_promises"), type_="foreignkey")
        batch_op.drop_column("promise_id")
        batch_op.alter_column("from_state", type_=sa.String(16), existing_nullable=True)
        batch_op.alter_column("to_state", type_=sa.String(16), existing_nullable=False)
    op.execute("DELETE FROM promises WHERE kind <> 'first_reply'")
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.drop_index("ix_promises_counted")
        batch_op.drop_index(op.f("ix_promises_conversation_id"))
        batch_op.drop_constraint(
            op.f("fk_promises_conversation_id_conversations"), type_="foreignkey"
        )
        batch_op.drop_column("conversation_id")
        batch_op.drop_column("calendar")
        batch_op.drop_column("kind")
        batch_op.alter_column("ticket_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.drop_index("ix_tickets_order")
        batch_op.drop_column("attachment_count")
        batch_op.alter_column("state", type_=sa.String(16), existing_nullable=False)
