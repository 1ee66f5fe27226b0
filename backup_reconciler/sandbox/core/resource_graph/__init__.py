"""Microsoft.ResourceGraph: queries over the whole estate, some time behind it."""
