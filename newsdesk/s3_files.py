"""Pictures in an S3-compatible store that may be away: its errors are those of files, and nobody waits long for it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from storages.backends.s3 import S3Storage

PATIENT = Config(connect_timeout=3, read_timeout=20, retries={"total_max_attempts": 2, "mode": "standard"})

Method = TypeVar("Method", bound=Callable[..., Any])


def _as_files_fail(method: Method) -> Method:
    """What goes wrong is an OSError, as with files on a disk: whoever stores a picture is prepared for that."""

    @wraps(method)
    def tried(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except (BotoCoreError, ClientError) as error:
            raise OSError(str(error)) from error

    return cast(Method, tried)


class S3Files(S3Storage):  # type: ignore[misc]  # django-storages has no types
    """django-storages' storage; all it raises of the store is OSError."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.client_config: Config = self.client_config.merge(PATIENT)

    @_as_files_fail
    def _open(self, name: str, mode: str = "rb") -> "File[Any]":
        found: File[Any] = super()._open(name, mode)
        if "r" in mode:
            _ = found.file  # read now: later, nobody would expect the store to fail
        return found

    @_as_files_fail
    def _save(self, name: str, content: "File[Any]") -> str:
        saved: str = super()._save(name, content)
        return saved

    @_as_files_fail
    def exists(self, name: str) -> bool:
        """Whether there is a file of that name."""
        return bool(super().exists(name))

    @_as_files_fail
    def delete(self, name: str) -> None:
        """Delete the file, if there is one."""
        super().delete(name)

    @_as_files_fail
    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        """The folders and files in a folder."""
        folders, files = super().listdir(path)
        return folders, files
