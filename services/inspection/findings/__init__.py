"""What visitors found lacking in cells, and its life until it is mended: support, not discipline."""
