"""YAML text → plain data that remembers where each key and value was written."""
