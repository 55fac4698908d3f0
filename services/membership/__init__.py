"""The organisation tree and the register of members; the only place where personal identity is kept."""
