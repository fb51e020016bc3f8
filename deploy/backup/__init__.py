"""Everything that a cluster holds of an installation, in a folder, and back into an empty cluster at the same offsets."""
