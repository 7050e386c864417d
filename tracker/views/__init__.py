"""What people look at: the map of events, one file that opens with no network."""
