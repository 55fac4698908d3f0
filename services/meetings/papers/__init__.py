"""Minutes and resolutions as papers: Word and PDF in the customary form of Party papers."""
