"""The admin site of the newsroom."""

from django.contrib.admin import AdminSite


class Desk(AdminSite):
    """The Django admin under the site's own name."""
