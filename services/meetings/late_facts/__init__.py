"""Facts that membership told late flag the attendance of meetings held; roll and book stay as they are."""
