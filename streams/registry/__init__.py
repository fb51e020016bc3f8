"""Who may say what: locations and sources as data, with owner and date on each line, and the registry that follows from them."""
