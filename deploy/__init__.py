"""How the system is run; the services know nothing of it."""
