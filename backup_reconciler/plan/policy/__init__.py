"""Planning backup policies: what a change of one does, when it runs, and when it goes."""
