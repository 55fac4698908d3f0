"""The projection of annual ratings of members and units, and of units' awards."""
