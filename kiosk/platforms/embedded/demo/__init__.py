"""The files the demo network, its tariff and its programme are made from."""
