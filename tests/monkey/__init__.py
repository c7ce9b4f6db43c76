"""A monkey with a phone: taps at random for as long as one likes, and nothing may get lost."""
