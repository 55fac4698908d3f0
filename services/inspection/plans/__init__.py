"""Monthly plans: who of the working teams attends which meeting, why, and what becomes of it when things change."""
