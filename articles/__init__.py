"""The newsroom: from manuscript to page and feed."""
