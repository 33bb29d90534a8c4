"""Drills: what goes wrong in the life of a site, done to one on loopback, with figures of what it lost by it.

`python -m tests.drills [D2 D7 …]` runs them; each prints a line of JSON. docs/operating.md says what each one shows.
"""
