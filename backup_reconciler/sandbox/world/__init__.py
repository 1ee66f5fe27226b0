"""Worlds: the shapes of a world file, and the reading of it."""
