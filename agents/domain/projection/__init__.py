"""A projection of our own: beds in the coming seven days with an 80 % band, from the course of the beds alone."""
