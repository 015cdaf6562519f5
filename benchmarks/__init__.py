"""Speed against what people run today, never part of the tests: `make bench`."""
