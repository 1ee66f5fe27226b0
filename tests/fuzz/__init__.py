"""Fuzzing of everything that is read: whatever it is, it is taken, or refused in the words that are meant for it.

`targets` has a function for each thing that is read, `mutation` spoils good examples, `pathological` has what is large
on purpose. The tests here are the short run of them; `python -m tests.fuzz` is the long one, led by coverage.
"""
