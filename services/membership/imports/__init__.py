"""From uploaded files to decisions: `run.py` leads; `organisations.py` and `members.py` decide rows, without I/O."""
