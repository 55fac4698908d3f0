"""The address book of a service: one e-mail address for a member or a unit, by opaque ids; no names."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chassis.database import Connection
from chassis.letters.recipients import Recipient

_SAVE: Final = """
    INSERT INTO contacts (kind, id, email, version) VALUES ($1, $2, $3, $4)
    ON CONFLICT (kind, id) DO UPDATE SET email = excluded.email, version = excluded.version
"""
# Who could not be reached at another address, or at none, is told now, as long as there is something to come to.
_TRY_AGAIN: Final = """
    UPDATE deliveries SET state = 'waiting', reason = NULL, settled_at = NULL, next_try_at = $3
    WHERE kind = $1 AND recipient_id = $2 AND state = 'failed' AND reason IN ('no-address', 'address-refused')
      AND notice_id IN (SELECT id FROM notices WHERE NOT superseded AND starts_at > $3)
"""


@dataclass(frozen=True, slots=True)
class Contact:
    """Where somebody is reached; `email` is None once it was taken out."""

    email: str | None
    version: int


async def contact(connection: Connection, of: Recipient, *, hold: bool = False) -> Contact | None:
    """Return a contact, held until the transaction ends if `hold`; None where there never was one."""
    row = await connection.fetchrow(
        f"SELECT email, version FROM contacts WHERE kind = $1 AND id = $2{' FOR UPDATE' if hold else ''}",
        of.kind.value,
        of.id,
    )
    return None if row is None else Contact(row["email"], row["version"])


async def keep(connection: Connection, of: Recipient, new: Contact, now: datetime) -> None:
    """Write a contact; what could not be delivered to it before is tried again where it is still of use."""
    await connection.execute(_SAVE, of.kind.value, of.id, new.email, new.version)
    if new.email is not None:
        await connection.execute(_TRY_AGAIN, of.kind.value, of.id, now)
