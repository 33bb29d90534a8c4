"""The apps: the newsroom, and the admin site that is its desk."""

from importlib import import_module

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.contrib.flatpages.apps import FlatPagesConfig
from django.contrib.staticfiles.apps import StaticFilesConfig
from django.core.exceptions import ImproperlyConfigured
from django.db.models.signals import m2m_changed, post_delete, post_migrate, post_save
from django.utils.translation import gettext_lazy as _
from taggit.apps import TaggitAppConfig


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Newsroom")

    def ready(self) -> None:
        """Refuse to start with levels of checks that cannot be read; have migrations leave our rows in order."""
        from django.apps import apps
        from django.conf import settings

        from articles import after_migrating, flat_pages
        from articles.checks import BadLevels, levels
        from articles.safekeeping import soundness  # noqa: F401  # registers a check of what it starts on

        # After Django's own, which have been connected by now and make the rows that these change.
        post_migrate.connect(after_migrating.name_the_site, sender=apps.get_app_config("sites"))
        post_migrate.connect(after_migrating.count_articles, sender=self)
        post_migrate.connect(after_migrating.let_editors_write_pages, sender=apps.get_app_config("flatpages"))
        page = apps.get_model("flatpages", "FlatPage")
        post_save.connect(flat_pages.changed, sender=page)
        post_delete.connect(flat_pages.changed, sender=page)
        m2m_changed.connect(flat_pages.changed, sender=page.sites.through)
        try:
            levels(settings.CHECK_LEVELS)
        except BadLevels as error:
            raise ImproperlyConfigured(f"CHECK_LEVELS: {error}") from error


class TagsConfig(TaggitAppConfig):  # type: ignore[misc]  # taggit has no types
    """taggit, under a heading that editors understand."""

    verbose_name = _("Tags")


class PagesConfig(FlatPagesConfig):
    """Flat pages, under a heading that editors understand."""

    verbose_name = _("Pages of the site")


class FilesConfig(StaticFilesConfig):
    """Static files, without the sources of nested_admin's built script, which import what is not there."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "nested_admin/src/*"]


class DeskConfig(AdminConfig):
    """The Django admin with the site's own name and front page."""

    default_site = "articles.admin.desk.Desk"

    def ready(self) -> None:
        """Load our screens after the site they register with.

        The package of `default_site` is imported while that site is being made; a screen that registered then would
        be lost with a second site.
        """
        super().ready()
        screens = (
            "articles",
            "background",
            "commentators",
            "pages",
            "people",
            "pictures",
            "security_events",
            "sources",
            "tags",
            "trail",
        )
        for screen in screens:
            import_module(f"articles.admin.{screen}")
