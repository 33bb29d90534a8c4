"""The disk is full (D4): of pictures, then of the database."""

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection

from tests.drills.people import Editor, editors, lost, reading
from tests.drills.trial import Trial, drill
from tests.sites import prepared

BOUNDARY = "drill-of-a-full-disk"
ADD = "/admin/articles/picture/add/"


def no_disk() -> str:
    if os.geteuid():
        return "only root can make a small disk"
    return "" if Path("/proc/filesystems").read_text().find("tmpfs") >= 0 else "there is no tmpfs"


@contextmanager
def disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A small disk at a new folder, where this machine lets us have one."""
    folder.mkdir()
    line = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    subprocess.run(line, check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True, capture_output=True)


def _upload(editor: Editor, picture: bytes) -> int:
    """Bring a picture at the desk; the status of the answer, 302 where it is kept."""
    token = editor.browser.cookies["csrftoken"]
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{token}\r\n'.encode(),
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n'.encode(),
        b"Content-Type: image/png\r\n\r\n" + picture + f"\r\n--{BOUNDARY}--\r\n".encode(),
    ]
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    status: int = editor.browser.ask("POST", ADD, b"".join(parts), Content_Type=kind).status
    return status


def _noise() -> bytes:
    """A picture that no packing makes smaller, of some 900 kB."""
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.frombytes("RGB", (640, 480), os.urandom(640 * 480 * 3)).save(out, "PNG")
    return out.getvalue()


@drill("D4", seconds=60, short=1, cannot=no_disk)
def full_disks(trial: Trial) -> None:
    """Pictures come in until their disk is full, and saves until that of SQLite is; then there is room again."""
    with disk(trial.site.folder / "pictures", 8) as pictures:
        with trial.site.serving("pictures", STORAGE_URL=f"file://{pictures / 'media'}") as server:
            (editor,) = editors(trial.site, server.port, 1)
            with reading(server.port, 4, [editor.article]) as readers:
                kept = [_upload(editor, _noise()) for _ in range(12 + int(trial.seconds / 10))]
                time.sleep(trial.seconds / 4)
            partial = [
                file
                for file in pictures.rglob("*")
                if (file.is_file() and file.stat().st_size == 0) or file.name.startswith(".")
            ]
            for file in pictures.rglob("*.png"):
                file.unlink()
            trial.figure("kept when there is room again", _upload(editor, _noise()) == 302, least=1)
        trial.figure("pictures kept", kept.count(302), least=1)
        trial.figure("pictures refused", kept.count(200), least=1)
        trial.figure("faults", sum(status not in (200, 302) for status in kept), most=0)
        trial.figure("partial files", len(partial), most=0)
        trial.readers(readers)
    if connection.vendor == "sqlite":
        _full_database(trial)


def _full_database(trial: Trial) -> None:
    with disk(trial.site.folder / "small", 6) as small:
        site = prepared(
            small, BENCH_FOLDER=str(trial.site.folder), PAGE_STORE_FILE=str(trial.site.folder / "p.sqlite3")
        )
        with site.serving("small") as server:
            (editor,) = editors(site, server.port, 1)
            with reading(server.port, 4, [editor.article]) as readers:
                editor.save("入る題")
                filler = small / "filler"
                with filler.open("wb") as out:
                    try:
                        while True:
                            out.write(b"x" * 65536)
                            out.flush()
                    except OSError:
                        pass
                refused = editor.save("入らない題" + "長" * 150)
                while refused == 302:  # what little room there was
                    refused = editor.save("まだ入る題" + "長" * 150)
                time.sleep(trial.seconds / 4)
            filler.unlink()
            trial.figure("refused with the text kept", editor.kept, least=1)
            trial.figure("status when refused", refused, most=503, least=503)
            trial.figure("saved when there is room again", editor.save("また入る題") == 302, least=1)
            trial.readers(readers)
            trial.figure("acknowledged saves lost", lost(site, [editor]), most=0)
