"""The editors’ desk: the Django admin, one module per screen. `articles.apps.DeskConfig` loads them."""
