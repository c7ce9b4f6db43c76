"""Photo upload by tus 1.0.0: received, resumed, checked, kept."""
