"""What is told at length: the monthly integral monitor and the regional report."""
