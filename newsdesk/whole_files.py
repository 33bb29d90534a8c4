"""Files that are there whole or not at all."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.utils.crypto import get_random_string


class WholeFiles(FileSystemStorage):
    """Django's storage in a folder, but a disk that is full or a process that ends leaves no half a file behind.

    Django writes under the final name, where half a picture would be taken for a whole one.
    """

    def _save(self, name: str, content: "File[Any]") -> str:
        path = Path(self.path(name))
        unfinished = path.with_name(f".{path.name}.{get_random_string(8)}")
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with unfinished.open("xb") as file:
                for chunk in content.chunks():
                    file.write(chunk if isinstance(chunk, bytes) else chunk.encode())
                file.flush()
                os.fsync(file.fileno())
            if self.file_permissions_mode is not None:
                unfinished.chmod(self.file_permissions_mode)
            unfinished.replace(path)
        except BaseException:
            with suppress(OSError):
                unfinished.unlink()
            raise
        return name
