"""One file a screen: each is a function of the state, and each handler is one call on it."""
