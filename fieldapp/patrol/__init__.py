"""Proposes a patrol's form, shift and key period, by plan or by clock and sun."""
