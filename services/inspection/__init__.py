"""The Standing Committee's working teams, and from here on what they see in the cells."""
