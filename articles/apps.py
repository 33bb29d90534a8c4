"""The apps: the newsroom, and the admin site that is its desk."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from taggit.apps import TaggitAppConfig


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Newsroom")

    def ready(self) -> None:
        """Refuse to start with levels of checks that cannot be read."""
        from django.conf import settings

        from articles.checks import BadLevels, levels

        try:
            levels(settings.CHECK_LEVELS)
        except BadLevels as error:
            raise ImproperlyConfigured(f"CHECK_LEVELS: {error}") from error


class TagsConfig(TaggitAppConfig):  # type: ignore[misc]  # taggit has no types
    """taggit, under a heading that editors understand."""

    verbose_name = _("Tags")


class DeskConfig(AdminConfig):
    """The Django admin with the site's own name and front page."""

    default_site = "articles.admin.desk.Desk"

    def ready(self) -> None:
        """Load our screens after the site they register with.

        The package of `default_site` is imported while that site is being made; a screen that registered then would
        be lost with a second site.
        """
        super().ready()
        for screen in ("articles", "background", "commentators", "people", "pictures", "sources", "tags", "trail"):
            import_module(f"articles.admin.{screen}")
