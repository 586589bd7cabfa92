"""The migrations of the platform's own book, append-only."""
