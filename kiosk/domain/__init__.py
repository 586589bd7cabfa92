"""Pure values and functions: no clock, chance, disk, wire, log or Qt."""
