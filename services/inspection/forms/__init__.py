"""The sheet that visitors fill in where there is no network: out as a workbook, and back in."""
