"""What people read of a fault, by its code: Vietnamese, with English beside."""
