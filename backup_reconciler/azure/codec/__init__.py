"""The codecs: for each resource, ARM JSON ↔ the words of a manifest, and the requests that read and write it."""
