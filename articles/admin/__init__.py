"""The editors’ desk."""
