"""One file per port, each the only home of its library."""
