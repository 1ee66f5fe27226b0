"""Protected items: found, shown, protected, stopped, deleted."""
