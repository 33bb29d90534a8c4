"""Static files in production."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # whitenoise has no types
    """Named by their content and compressed; scripts that import one another do so by those names, too."""

    support_js_module_import_aggregation = True
