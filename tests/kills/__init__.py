"""Real programs, really killed: SIGKILL at any moment, and what the disk was told before a word."""
