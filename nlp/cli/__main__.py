"""Runs the command line as ``python -m nlp.cli``; it must not know any command."""

from nlp.cli.calls import main

if __name__ == "__main__":
    main()
