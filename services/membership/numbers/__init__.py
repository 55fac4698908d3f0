"""The numbers by which the party knows a member: of the party card and of the file."""
