"""Side-by-side measurements, each a script that prints a table; never part of the test run."""
