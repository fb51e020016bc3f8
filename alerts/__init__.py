"""What is too much: norms, the life cycle of a breach, and everything that tells people."""
