"""Shows the whole product on one machine: a fictional county, both programs, one lead played."""
