"""Every projection of reporting can be built anew: it says which tables are its own."""

from chassis.rebuilding.projections import Rebuildable, rebuildable
from services.reporting.consumers import SUBSCRIPTIONS


def test_every_projection_names_its_tables_and_shares_none():
    assert all(isinstance(handler, Rebuildable) for _, handler in SUBSCRIPTIONS)
    tables = [table for projection in rebuildable(SUBSCRIPTIONS).values() for table in projection.tables]
    assert tables
    assert all(isinstance(table, str) for table in tables)
    assert len(tables) == len(set(tables))
