"""Planning backup policies: what a change of one does, and when one goes."""
