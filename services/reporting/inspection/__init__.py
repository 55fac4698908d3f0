"""The projection of inspection: visits of working teams by cell and month, and the life of what they found."""
