"""Places and distances: compiled kernels and, above them, what needs frames. Any longitude, any latitude."""
