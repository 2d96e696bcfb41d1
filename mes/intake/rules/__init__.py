"""The plant's own rules for an import, one module per kind of master data (source: `mes/intake/sample/README.md`).

A rule takes everything that was gathered and yields problems. It never changes a row and never raises.
"""
