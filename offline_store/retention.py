"""What is kept how long, and how a person is forgotten."""

from datetime import timedelta

from msgspec import Struct

from offline_store import backup, journal, outbox, personal
from offline_store.disk import disk_error
from offline_store.errors import SaleStillOwed
from offline_store.journal import JournalRow
from offline_store.vault import Vault
from offline_store.vault_options import Append

FORGOTTEN_KIND = "store:forgotten"
_AT_REST = """SELECT sale_id FROM (SELECT DISTINCT sale_id FROM personal) AS known
WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.sale_id = known.sale_id)
AND NOT EXISTS (SELECT 1 FROM open_sale WHERE open_sale.sale_id = known.sale_id)
AND (SELECT max(wall) FROM journal WHERE journal.sale_id = known.sale_id) < ? ORDER BY sale_id LIMIT ?"""


class RetentionPolicy(Struct, frozen=True):
    """How long is kept, in days, and how many sales are forgotten in one go."""

    personal_days: int = 30
    sent_days: int = 400
    sales_max: int = 1000


class Retained(Struct, frozen=True):
    """What went."""

    forgotten: tuple[str, ...]
    sent_trimmed: int


def forget(vault: Vault, sale_id: str, actor: str) -> None:
    """Destroy the key of a sale, here and in every backup this terminal can reach, and note it in the journal.

    Raises:
        SaleStillOwed: it is open, or a message of it is not yet proven.
    """
    conn = vault.database.conn
    if vault.database.read(lambda _: journal.is_open(conn, sale_id) or outbox.owes(conn, sale_id)):
        raise SaleStillOwed("store.still_owed", sale_id)
    key_id = vault.database.read(lambda _: personal.key_of_sale(conn, sale_id))
    if key_id is None:
        return
    try:
        vault.ring.destroy((key_id,))
        backup.forget(vault, key_id)
    except OSError as problem:
        raise disk_error(problem, "forget") from problem
    vault.append(Append((JournalRow(sale_id, actor, FORGOTTEN_KIND),), finished=(sale_id,)))
    vault.database.transact(
        lambda conn: personal.erase(conn, sale_id), lambda conn: personal.key_of_sale(conn, sale_id) is None
    )


def apply(vault: Vault, policy: RetentionPolicy) -> Retained:
    """Forget sales at rest since `personal_days`, trim proofs older than `sent_days`."""
    now = vault.clock.now()
    limit = (now - timedelta(days=policy.personal_days)).isoformat()
    sales = vault.database.read(lambda conn: [row[0] for row in conn.execute(_AT_REST, (limit, policy.sales_max))])
    for sale_id in sales:
        forget(vault, sale_id, "system")
    before = (now - timedelta(days=policy.sent_days)).isoformat()
    trimmed = vault.database.transact(lambda conn: outbox.trim_sent(conn, before), lambda _: True)
    return Retained(tuple(sales), trimmed)
