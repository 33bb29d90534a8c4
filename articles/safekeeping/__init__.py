"""Backups: one archive with the database and all media, taken while the site runs, and put back into an empty place."""
