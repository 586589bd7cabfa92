"""Three faces of one till."""
