"""The command line: one module per verb; parse, call, print.

Verbs import what they need when they run, so that `validate` starts without the Azure SDK.
"""
