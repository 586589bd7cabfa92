"""Device family: card_reader; the public face is listed in `__all__`."""
