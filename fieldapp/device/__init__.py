"""This phone itself: storage key, token, PIN, wipe after revocation, diagnosis for support."""
