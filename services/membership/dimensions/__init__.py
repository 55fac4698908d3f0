"""What holds of members beside where they count, their profile, and the ways back into the register."""
