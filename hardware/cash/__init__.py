"""Device family: cash; the public face is listed in `__all__`."""
