"""Other ways to the same end, on the same fleet: az, the Azure SDK for Python, and this tool, in one run.

Each is a command line that a user could have written, run as a process of its own against the same box.
"""
