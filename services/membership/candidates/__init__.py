"""Candidates (quần chúng ưu tú): who a cell prepares for admission, from its list to the ceremony."""
