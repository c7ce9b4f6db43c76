"""The worker's phone: log a place offline, deliver it when there is a road, read the answer."""

__version__ = "0.1.0"
