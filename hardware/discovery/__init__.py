"""Finding devices, so that nobody types an address: what is plugged in, what announces itself, what answers nearby."""

from hardware.discovery.finding import Candidate, Find, FindLimits, Found
from hardware.discovery.networks import own_networks
from hardware.discovery.search import find_devices

__all__ = ["Candidate", "Find", "FindLimits", "Found", "find_devices", "own_networks"]
