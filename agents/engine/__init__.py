"""Everything that knows the insides of Faust: delivery, snapshots, recovery."""
