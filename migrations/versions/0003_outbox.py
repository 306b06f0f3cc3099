"""outbox

Revision: 0003, after 0002
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
AT_ONCE = 500

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go to this revision; what was kept before is to be told, too."""
    op.create_table(
        "leases",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("holder", sa.String(length=36), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name"),
        **MYSQL,
    )
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    outbox = op.create_table(
        "outbox",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("correction_id", sa.String(length=36), nullable=False),
        sa.Column("action", sa.String(length=8), nullable=False),
        sa.Column("worksheet", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("not_before", MOMENT, nullable=True),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("error", sa.String(length=255), nullable=True),
        sa.ForeignKeyConstraint(["correction_id"], ["corrections.id"]),
        sa.PrimaryKeyConstraint("id"),
        **MYSQL,
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_outbox_correction_id"), ["correction_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_outbox_state"), ["state"], unique=False)
    _fill(outbox)


def downgrade() -> None:
    """Go back to the one before."""
    op.drop_table("outbox")
    op.drop_table("leases")


def _fill(outbox: sa.Table) -> None:
    columns = [sa.column(name) for name in ("id", "label", "status")]
    corrections = sa.table("corrections", *columns, sa.column("created_at", MOMENT))
    connection = op.get_bind()
    kept = sa.select(corrections).where(corrections.c.status != "withdrawn")
    rows = connection.execute(kept.order_by(corrections.c.created_at)).all()
    for start in range(0, len(rows), AT_ONCE):
        told = [
            {
                "correction_id": row.id,
                "action": "append",
                "worksheet": _worksheet_of(row.label or ""),
                "state": "waiting",
                "made_at": row.created_at,
            }
            for row in rows[start : start + AT_ONCE]
        ]
        connection.execute(sa.insert(outbox), told)


def _worksheet_of(label: str) -> str:
    if len(label) > 1:
        return "Word"
    return "Digit" if label in "0123456789" else "Character"
