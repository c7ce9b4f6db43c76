"""What the phone and the bureau agreed: pure values and rules, with no disk, clock or network."""
