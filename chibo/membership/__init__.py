"""`chibo units|members|transfers|positions|…`: what people ask and tell the register."""
