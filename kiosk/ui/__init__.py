"""QML modules with their view-models side by side; business words, no business rules."""
