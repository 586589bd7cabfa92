"""Device family: transport; the public face is listed in `__all__`."""
