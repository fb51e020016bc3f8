"""What was reported: statements by location, day and subject; the last write wins, and who is stale has a name."""
