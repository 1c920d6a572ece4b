"""Makes a clean checkout ready to run and to test, with Python's standard library alone."""
