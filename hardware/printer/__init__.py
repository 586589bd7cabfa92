"""Device family: printer; the public face is listed in `__all__`."""
