"""What flows: the contract between everyone who writes to and reads from the topics."""
