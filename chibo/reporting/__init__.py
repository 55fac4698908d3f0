"""`chibo statistics|figures|reports|snapshots|…`: figures, what is sent on, and how they are kept right."""
