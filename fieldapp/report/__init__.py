"""One report on the phone: its entry, its stage, and the parcel that is sent."""
