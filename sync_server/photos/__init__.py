"""Photo upload by tus 1.0.0: receives, resumes, checks and keeps photos."""
