"""Picking up what was bought elsewhere: scan, tap or type."""
