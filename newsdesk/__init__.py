"""newsdesk: the site around the newsroom in `articles`."""

__version__ = "0.1.0"
