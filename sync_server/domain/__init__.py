"""Pure rules of the bureau: merging reports, case states and moves, roles, keys of sites."""
