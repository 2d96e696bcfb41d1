"""Read-only answers for pages, the API and the command line, as frozen plain values that go through JSON unchanged.

Changes nothing and decides nothing; quantities are text in the item's stock unit, moments ISO 8601 in the plant's zone.
"""
