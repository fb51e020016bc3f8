"""One file a system: each does the whole job as its own documentation advises, and nothing more."""
