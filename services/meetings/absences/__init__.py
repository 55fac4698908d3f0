"""Who is away so often, or without a reason, that it fails the cell's criterion of attendance."""
