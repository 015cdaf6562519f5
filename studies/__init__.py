"""Studies that need more than toysup: what `make real` runs."""
