"""What the phone remembers between two starts, as typed values over the notebook."""
