"""The migrations of the replica's tables, for the services that keep it in their databases."""

from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).with_name("migrations")
UNITS_AND_MEMBERS: Final = _FOLDER / "20261124000001_replica.sql"
LEADERSHIP: Final = _FOLDER / "20261124000003_leadership.sql"
"""Terms and positions. Meetings made the same two tables in a migration of its own and does not apply this one."""
MEMBERS_BY_ID: Final = _FOLDER / "20261124000004_members_by_id.sql"
"""For services that ask where given people are; meetings asks who is in a cell."""
