"""Orders that interrupt the meetings of many cells at once."""
