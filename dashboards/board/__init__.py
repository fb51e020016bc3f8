"""The live page: a small process of its own that shows every region and its breaches as they change."""
