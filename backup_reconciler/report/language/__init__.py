"""The language of manifests as pages of the documentation, read from the shapes and the rules themselves."""
