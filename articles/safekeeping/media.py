"""Stored files, in a folder and in S3 alike: which there are."""

from collections.abc import Iterator
from posixpath import basename

from django.core.files.storage import default_storage


def stored(folder: str = "") -> Iterator[str]:
    """Names of all stored files, folder by folder. What is being written (a name with a dot before it) is none."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for file in sorted(files):
        if not basename(file).startswith("."):
            yield _within(folder, file)
    for inner in sorted(folders):
        yield from stored(_within(folder, inner))


def _within(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name
