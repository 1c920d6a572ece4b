"""A promise names the one that it replaces, since what was told stays as it was told.

Revision: 0010, after 0009; made 2026-11-22.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.add_column(sa.Column("replaces_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_promises_replaces_id_promises"),
            "promises",
            ["replaces_id"],
            ["id"],
            ondelete="SET NULL",
        )
        batch_op.create_unique_constraint(batch_op.f("uq_promises_replaces_id"), ["replaces_id"])


def downgrade() -> None:
    with op.batch_alter_table("promises", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_promises_replaces_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("fk_promises_replaces_id_promises"), type_="foreignkey")
        batch_op.drop_column("replaces_id")
