"""Bad input, thrown at a site of its own over the wire: manuscripts, pictures, addresses and raw requests.

`python -m tests.attack [--only 70-86 107]` prints a line for each kind, and a sum as JSON. The numbers are those of the
list of bad inputs that the project keeps; docs/operating.md says which there are.
"""
