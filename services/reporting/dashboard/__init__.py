"""The dashboard at the service's root: one page that a browser is sent whole, for a unit and a day."""
