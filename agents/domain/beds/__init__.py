"""Beds of `care.occupancy`: columns by location and day, and the figures of a region."""
