"""Device family: payment_terminal; the public face is listed in `__all__`."""
