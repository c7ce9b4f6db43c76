"""How the phone's own look for faces in one picture stands."""

from enum import StrEnum


class FaceSearch(StrEnum):
    """The words for each are `mask.glance_…`."""

    OFF = "off"
    LOOKING = "looking"
    FOUND = "found"
    NONE = "none"
    UNABLE = "unable"
    SLOW = "slow"
