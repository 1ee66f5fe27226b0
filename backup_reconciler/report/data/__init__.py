"""Reports for programs, as JSON; each has its schema in schemas/."""
