"""Device family: scanner; the public face is listed in `__all__`."""
