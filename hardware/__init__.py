"""Devices of a ticket terminal: a small library that knows nothing about tickets.

Every family is a folder that reads interface → drivers → simulator → emulator. Blocking drivers run on one
thread per device (`hardware.worker`) behind an async face.
"""
