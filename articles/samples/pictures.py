"""Draws every picture and portrait of the sample newsroom. By hand: python -m articles.samples.pictures FOLDER"""

import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from articles.samples import ashore, portraits, seaside, town, upland
from articles.samples.canvas import PAPER, Canvas

Scene = Callable[[Canvas], None]

SCENES: dict[str, Scene] = {
    "observatory.jpg": upland.observatory,
    "lantern-festival.jpg": ashore.lantern_festival,
    "flood-map.jpg": upland.flood_map,
    "night-bus.jpg": town.night_bus,
    "school-lunch.jpg": ashore.school_lunch,
    "wool-museum.jpg": upland.wool_museum,
    "lighthouse.jpg": seaside.lighthouse,
    "bridge.jpg": seaside.bridge,
    "morning-market.jpg": ashore.morning_market,
    "rice-terraces.jpg": upland.rice_terraces,
    "library.jpg": town.library,
    "library-stairs.jpg": town.library_stairs,
    "harbour-ferry.jpg": seaside.harbour_ferry,
    "foggy-night.jpg": seaside.foggy_night,
    "tram.jpg": town.tram,
    "island-clinic.jpg": seaside.island_clinic,
}
PORTRAITS: dict[str, Scene] = {
    "editor.png": portraits.editor,
    "pilot.png": portraits.pilot,
    "teacher.png": portraits.teacher,
}


def make(folder: Path) -> None:
    """Draw all pictures (1600 × 900, JPEG) and portraits (512 × 512, PNG) into a folder. Always the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor() as drawers:  # Pillow lets go of the interpreter while it resizes and pastes
        list(drawers.map(lambda name: draw(name, folder), [*SCENES, *PORTRAITS]))


def draw(name: str, folder: Path) -> Path:
    """Draw one picture by its file name; returns where it lies."""
    path = folder / name
    seed = sum(name.removesuffix(path.suffix).replace("-", "_").encode())
    if name in PORTRAITS:
        canvas = Canvas(512, 512, PAPER, seed, finer=4)
        PORTRAITS[name](canvas)
        canvas.finish(grain=False).save(path, optimize=True)
    else:
        canvas = Canvas(1600, 900, PAPER, seed)
        SCENES[name](canvas)
        canvas.finish().save(path, quality=79, optimize=True, progressive=True)
    return path


if __name__ == "__main__":
    make(Path(sys.argv[1] if len(sys.argv) > 1 else "sample-pictures"))
