"""Who leads which unit: terms, the congresses that open them, and positions, with their days."""
