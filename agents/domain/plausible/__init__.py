"""Whether a figure can be, before it is judged: what its own series ever did, and who has confirmed it."""
