"""What a service keeps of another's stream in its own database, from events only; no rule of any service."""
