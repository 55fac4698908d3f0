"""Working teams: formed, given an area, sat in, dissolved; and who of them is away."""
