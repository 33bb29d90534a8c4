"""Feeds: RSS 2.0, Atom and JSON Feed 1.1, of the site and of each tag, from one description of what is in them."""
