"""Figures of any unit and period, by one grammar: unit x period x measures x dimensions."""
