"""Device family: display; the public face is listed in `__all__`."""
