"""Waiting times by treatment against the Treeknormen, and which locations owe theirs."""
