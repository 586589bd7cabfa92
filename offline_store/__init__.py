"""Sell offline and bring every sale to the platform exactly once: a small library that knows nothing about tickets."""
