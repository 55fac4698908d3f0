"""The book of a cell: minutes and resolutions as they were approved, chained by hash and never altered."""
