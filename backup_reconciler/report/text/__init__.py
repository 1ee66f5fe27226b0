"""Reports for people, in a terminal, a pipe or a file."""
