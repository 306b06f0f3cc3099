"""review

Revision: 0005, after 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

MOMENT = (
    sa.DateTime()
    .with_variant(mysql.DATETIME(fsp=6), "mariadb")
    .with_variant(mysql.DATETIME(fsp=6), "mysql")
)

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision; nothing was reviewed before."""
    with op.batch_alter_table("corrections", schema=None) as batch_op:
        batch_op.add_column(sa.Column("given_label", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("reviewed_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("reviewer", sa.String(length=64), nullable=True))


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("corrections", schema=None) as batch_op:
        batch_op.drop_column("reviewer")
        batch_op.drop_column("reviewed_at")
        batch_op.drop_column("given_label")
