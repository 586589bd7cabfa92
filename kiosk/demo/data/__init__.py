"""Tariff files for real feeds."""
