"""What the parties decide, agree, publish and tell each other: events of `care.coordination`."""
