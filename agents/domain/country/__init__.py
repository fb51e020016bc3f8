"""What follows from all regions: the country's figures, and the joins of topics and regions."""
