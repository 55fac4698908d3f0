"""`python -m chibo`: the command without its installed script."""

from chibo.main import main

main()
