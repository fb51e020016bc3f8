"""What follows from statements: sums, ratios and means, as reported, with the carried forward, with the expired."""
