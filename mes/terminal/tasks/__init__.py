"""The tasks of terminals, one module each: what it takes, what it expects now, what it offers, where it goes next."""
