"""`chibo teams|plans|visits|findings|evaluations`: what working teams plan, see and ask to be mended."""
