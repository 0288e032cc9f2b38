"""The scripts that write what these pages take from the program, so that no page says what the program no longer does."""
