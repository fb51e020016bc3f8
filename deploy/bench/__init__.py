"""How fast it is: one job, given to us and to our peers, checked before it is timed."""
