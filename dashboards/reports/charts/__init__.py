"""Charts as inline SVG: they print sharp, need no script, and say the same in black and white."""
