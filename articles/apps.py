"""The apps: the newsroom, and the admin site that is its desk."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Newsroom")


class DeskConfig(AdminConfig):
    """The Django admin with the site's own name and front page."""

    default_site = "articles.admin.desk.Desk"
