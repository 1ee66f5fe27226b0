"""Real clients against the box: az and the Azure SDK for Python, installed from PyPI into an environment of their own.

Run by `make clients`, inside a box that speaks https. Not part of `make test`: az is large, and asks only every few
seconds of real time whether something is done.
"""
