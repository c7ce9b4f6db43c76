"""The bureau's server: receives reports from phones, merges them, lets people decide, and sends the
answers back."""
