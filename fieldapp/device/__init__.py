"""This phone itself: storage key, PIN, wipe after revocation, diagnosis for support."""
