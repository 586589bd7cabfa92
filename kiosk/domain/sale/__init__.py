"""ONE purchase, from first touch to last paper."""
