"""The command line: thin commands over the rooms below; it must not read, divide, classify or store by itself.

Data goes to stdout, messages and progress to stderr. Exit codes: 0 done, 1 bad usage, 2 no usable input, 3 missing component,
4 done with failures, 130 interrupted.
"""

from nlp.cli.calls import call, main

__all__ = ["call", "main"]
