"""Central systems, strangers to each other."""
