"""Guichet: the terminal program with three faces."""

__version__ = "0.1.0"
