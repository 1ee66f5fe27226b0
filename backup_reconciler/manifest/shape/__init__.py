"""Plain data → documents: whether each has the shape of its kind, told in the words of a manifest."""
