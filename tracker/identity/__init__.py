"""Identity: what an MMSI is, whose flag it flies, and which hull it names when."""
