"""One file a screen: each a function of the state, each handler one call on it."""
