"""What cells mean to do in a year: regular days, themes, and the meetings that they make."""
