"""What phone and server share: pure wire values and rules, with no disk, clock or network."""
