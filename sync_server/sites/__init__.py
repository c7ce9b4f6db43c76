"""Which reports are of one place: linked on arrival, ruled on by people, built anew."""
