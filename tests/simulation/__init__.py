"""Worlds of phones and a bureau in one process: clock, road and disks are driven by one seed."""
