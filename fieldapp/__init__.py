"""The worker's phone: log a place offline, deliver it when there is a road, read what came of it."""
