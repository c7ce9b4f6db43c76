"""The outcome of the phone's search for faces in one photo."""

from enum import StrEnum


class FaceSearch(StrEnum):
    """The words for each are `mask.glance_…`."""

    OFF = "off"
    LOOKING = "looking"
    FOUND = "found"
    NONE = "none"
    UNABLE = "unable"
    SLOW = "slow"
