"""sheet state, and where corrections come from

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

MOMENT = (
    sa.DateTime()
    .with_variant(mysql.DATETIME(fsp=6), "mariadb")
    .with_variant(mysql.DATETIME(fsp=6), "mysql")
)
MYSQL = {
    "mysql_engine": "InnoDB",
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_bin",
}

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision; what was kept before came from people."""
    op.create_table(
        "sheet_state",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=True),
        sa.Column("url", sa.String(length=255), nullable=True),
        sa.Column("trouble", sa.String(length=1000), nullable=True),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("looked_at", MOMENT, nullable=True),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("doubled", sa.Integer(), nullable=False),
        sa.Column("edited", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
        **MYSQL,
    )
    with op.batch_alter_table("corrections", schema=None) as batch_op:
        source = sa.Column("source", sa.String(length=16), nullable=False, server_default="person")
        batch_op.add_column(source)


def downgrade() -> None:
    """Go back to the one before."""
    with op.batch_alter_table("corrections", schema=None) as batch_op:
        batch_op.drop_column("source")
    op.drop_table("sheet_state")
