"""Reports that are sent: the month, quarter and year of a unit as Word, PDF and Excel files.

`gathering.py` asks for the figures, all of one snapshot, by the queries of `figures/` and `movement_query.py`;
`tables.py` and `content.py` lay them out, and know nothing of files; `charts.py`, `workbook.py` and `chassis.papers`
make files of that.
"""
