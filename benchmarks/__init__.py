"""Timings, taken with one command: `make bench`."""
