"""How Azure is to be read, and what of a plan rests on how it was read."""
