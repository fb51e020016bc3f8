"""Joins: what follows from several topics or from all regions together; one file a join, all of them pure."""
