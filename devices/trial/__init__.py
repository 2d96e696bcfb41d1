"""The installer's walk past every device of a station: what was received, byte by byte, and what is wrong with it."""
