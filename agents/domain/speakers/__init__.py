"""Who speaks for which location: what is admitted, what a new name is, and what is held back from being counted twice."""
