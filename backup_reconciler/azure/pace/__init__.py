"""How fast requests go out: what Azure's limits leave, whose turn it is, and how many may be on the way at once."""
