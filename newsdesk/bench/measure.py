"""Measuring a corpus: the site and its anchors run side by side, and are asked in turn."""

import json
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import unquote, urlsplit

from newsdesk import serving
from newsdesk.bench import nginx, processes, servers
from newsdesk.bench.load import BROWSERS, READERS, Wanted, ask, check, load

HOST = "news.example.com"
FIRST = 40  # addresses of a page that a process just started is asked for, once each
MANY, EACH = 1_200, 0.035  # articles that fill the memory of every process, and seconds that each takes at most
# Pages for which all anchors are measured; the others are measured beside the bare view.
ANCHORED = ("article, one", "front", "tag, common", "rss")

Say = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Options:
    """How to measure: folders and servers, how often and how long."""

    folder: Path
    rounds: int = 3
    seconds: float = 1.0
    workers: int = 2
    server: str = servers.GRANIAN
    only: Sequence[str] = ()
    cache: str = "locmemcache://"

    def environment(self, url: str, **more: str) -> dict[str, str]:
        """What a process of the site is started with, as in production; nothing of the machine's own .env counts."""
        return {
            **os.environ,
            "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
            "DJANGO_SETTINGS_MODULE": "newsdesk.bench.settings",
            "BENCH_FOLDER": str(self.folder.resolve()),
            "SECRET_KEY": "a key that keeps no secret: the bench listens on the loopback address alone",
            "DEBUG": "0",
            "SITE_URL": f"https://{HOST}",
            "SITE_NAME": "ニュースデスク",
            "ALLOWED_HOSTS": HOST,
            "DATABASE_URL": url,
            "CACHE_URL": self.cache,
            "STORAGE_URL": f"file://{self.folder.resolve()}/media",
            "EMAIL_URL": "",
            "WEBSUB_HUB": "",
            **more,
        }

    @property
    def log(self) -> Path:
        return Path(self.folder, "bench.log")


@dataclass(slots=True)
class Page:
    """A page: what readers get, and what was measured of it, by kind of asking."""

    name: str
    number: int
    type: str
    bytes: int
    queries: int
    wanted: list[Wanted]
    source: str = ""  # where a warm answer came from, as the site says in X-Page
    figures: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def bare(self) -> Wanted:
        """The same body from the bare view and as a file."""
        return Wanted(f"/{self.number}", self.wanted[0].digest)

    @property
    def is_anchored(self) -> bool:
        """Whether it is measured beside all anchors."""
        return self.name in ANCHORED

    def report(self) -> dict[str, Any]:
        known = {"page": self.name, "bytes": self.bytes, "queries": self.queries, "source": self.source}
        return {**known, **self.figures}


def measure(url: str, options: Options, say: Say) -> dict[str, Any]:
    """The figures of a corpus: its pages, and the memory of the site's processes at the end."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="newsdesk-bench-")))
        folder.chmod(0o755)
        pages = found_pages(url, folder, options)
        bench = _Running(stack, url, folder, options, say, pages)
        bench.first(pages)
        bench.check(pages)
        bench.rounds(pages)
        bench.fill()
        return {"pages": [page.report() for page in pages], "memory": bench.memory()}


def found_pages(url: str, bodies: Path, options: Options) -> list[Page]:
    """The pages of a corpus, made by the site itself in a process that keeps nothing; bodies go into the folder."""
    env = options.environment(url, **servers.MADE)
    pages = [_page(row) for row in processes.inside("pages", bodies, *options.only, env=env, log=options.log)]
    Path(bodies, "types.json").write_text(json.dumps([[page.number, page.type] for page in pages]))
    return pages


def _page(row: dict[str, Any]) -> Page:
    wanted = [Wanted(each["path"], each["digest"], row["status"], each["etag"]) for each in row["addresses"]]
    return Page(row["page"], row["number"], row["type"], row["bytes"], row["queries"], wanted)


@dataclass(frozen=True, slots=True)
class _Way:
    """A way of asking for a page: of which server, and for what."""

    server: servers.Server
    wanted: Callable[[Page], list[Wanted]]
    everywhere: bool = True  # or for the pages that have all anchors only
    keeps: bool = False  # answers what it answered before
    readers: int = READERS  # who ask at once

    def asks(self, page: Page) -> bool:
        return self.everywhere or page.is_anchored


class _Running:
    """All servers of a measurement, which end with the stack, and the ways of asking them."""

    def __init__(self, stack: ExitStack, url: str, folder: Path, options: Options, say: Say, pages: list[Page]) -> None:
        self.stack, self.url, self.folder, self.options, self.say = stack, url, folder, options, say
        self.pages = pages
        self.tags: dict[str, list[str]] = {}
        anonymous = _without_etags
        bare, cached = self._bare(), self._bare(BENCH_CACHE="1")
        made, cold = self._site("made", **servers.MADE), self._site("cold", **servers.COLD)
        self.site = self._site("warm")
        self.ways = {
            "bare": _Way(bare, lambda page: [page.bare]),
            "made": _Way(made, anonymous, readers=self.options.workers),
            "cold": _Way(cold, anonymous, keeps=True),
            "warm": _Way(self.site, anonymous, keeps=True),
            "unchanged": _Way(self.site, self._known),
            "site_cache": _Way(cached, lambda page: [page.bare], everywhere=False, keeps=True),
        }
        self._with_nginx()

    def _with_nginx(self) -> None:
        if not nginx.program():
            self.say("nginx is not here: it is measured neither with files nor before the site.")
            return
        port = servers.free_port()
        files = {page.number: self._file(page) for page in self.pages if page.is_anchored}
        static = nginx.static(self.folder, self.folder, port, self.options.workers, files)
        self.ways["static"] = _Way(self._served(nginx.line(static), port), _of_browsers, everywhere=False)
        if not nginx.SHIPPED.exists():
            self.say(f"There is no {nginx.SHIPPED.name} to put before the site.")
            return
        try:
            before, ports = nginx.before(self.folder, HOST, self.site.port, self.options.workers)
            server = self._served(nginx.line(before), ports[0])
        except (ValueError, processes.Failed) as error:
            self.say(f"nginx does not run before the site here: {error}")
            return
        port = next((port for port in ports if ask(port, HOST, Wanted("/", ""))[0] == 200), 0)
        if port:
            self.ways["nginx"] = _Way(servers.Server(port, server.pid), _of_browsers, everywhere=False)
        else:
            self.say("nginx before the site does not answer with its front page.")

    def _file(self, page: Page) -> tuple[str, list[tuple[str, str]]]:
        """Path and headers of a page as browsers get it; its bytes are put into a file."""
        wanted = _of_browsers(page)[0]
        _status, headers, body = ask(self.site.port, HOST, wanted)
        Path(self.folder, f"{page.number}.sent").write_bytes(body)
        return unquote(wanted.path), list(headers.items())

    def _bare(self, **more: str) -> servers.Server:
        env = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2]), "BENCH_BODIES": str(self.folder)}
        env.pop("DJANGO_SETTINGS_MODULE", None)
        return self._python(servers.BARE, {**env, **more})

    def _site(self, name: str, **more: str) -> servers.Server:
        pages = {"PAGE_STORE_FILE": str(self.folder / f"{name}.sqlite3")}  # no other corpus has its pages there
        environment = self.options.environment(self.url, **pages, **more)
        return self._python(servers.SITE, serving.environment(environment))

    def _known(self, page: Page) -> list[Wanted]:
        """The same, asked by a reader who has it: with the tags that this very server gives."""
        if page.name not in self.tags:
            answers = [check(self.site.port, HOST, wanted) for wanted in _without_etags(page)]
            self.tags[page.name] = [answer.get("etag", "") for answer in answers]
        tags = self.tags[page.name]
        return [replace(wanted, etag=tag) for wanted, tag in zip(page.wanted, tags, strict=True)] if all(tags) else []

    def _python(self, application: str, env: Mapping[str, str]) -> servers.Server:
        port = servers.free_port()
        return self._served(servers.command(self.options.server, application, port, self.options.workers), port, env)

    def _served(self, line: list[str], port: int, env: Mapping[str, str] = os.environ) -> servers.Server:
        return self.stack.enter_context(servers.served(line, port, env, self.options.log))

    def first(self, pages: list[Page]) -> None:
        """Ask the process that keeps nothing, and has answered nothing yet, for each address once."""
        way = self.ways["made"]
        for page in pages:
            times = []
            before = processes.cpu(self._processes(way))
            for wanted in way.wanted(page)[:FIRST]:
                start = time.perf_counter()
                check(way.server.port, HOST, wanted)
                times.append((time.perf_counter() - start) * 1000)
            spent = processes.spent(before, processes.cpu(self._processes(way)))
            page.figures["first"] = {"cpu": spent / len(times), "p50": median(times), "most": max(times)}

    def check(self, pages: list[Page]) -> None:
        """See that every server gives every page; where it keeps pages, so often that each worker has given it.

        Raises WrongAnswer.
        """
        for page in pages:
            for way in self.ways.values():
                for wanted in (way.wanted(page) if way.asks(page) else []) * (self.options.workers if way.keeps else 1):
                    check(way.server.port, HOST, wanted)
            page.source = check(self.site.port, HOST, _without_etags(page)[0]).get("x-page", "")

    def rounds(self, pages: list[Page]) -> None:
        """Ask for every page in every way, in turn and again; medians of the rounds are its figures.

        Every other round goes backwards: no way always comes after the same one.
        """
        forth = list(self.ways.items())
        for page in pages:
            found: dict[str, list[dict[str, float]]] = {}
            for turn in range(self.options.rounds):
                for name, way in reversed(forth) if turn % 2 else forth:
                    if way.asks(page) and (wanted := way.wanted(page)):
                        found.setdefault(name, []).append(self._loaded(way, wanted))
            page.figures |= {name: _medians(rows) for name, rows in found.items()}
            self.say(_line(page))

    def _loaded(self, way: _Way, wanted: list[Wanted]) -> dict[str, float]:
        """Requests a second, milliseconds that half and all but a hundredth took, CPU milliseconds a request."""
        start = time.perf_counter()
        check(way.server.port, HOST, wanted[0])
        seconds = max(self.options.seconds, 10 * (time.perf_counter() - start))
        own, theirs = processes.cpu(self._processes(way)), processes.cpu(self._backends())
        result = load(way.server.port, HOST, wanted, seconds, way.readers)
        spent = processes.spent(own, processes.cpu(self._processes(way)))
        database = processes.spent(theirs, processes.cpu(self._backends()))
        processes.settle(self._processes(way))
        figures = {key: value for key, value in asdict(result).items() if key != "requests"}
        return {**figures, "cpu": spent / result.requests, "database_cpu": database / result.requests}

    def _processes(self, way: _Way) -> list[int]:
        """Those of the server; before the site, those of the site too."""
        both = [*way.server.processes(), *(self.site.processes() if way is self.ways.get("nginx") else [])]
        return list(dict.fromkeys(both))

    def _backends(self) -> list[int]:
        address = urlsplit(self.url)
        return processes.backends(address.path.strip("/")) if address.scheme.startswith("postgres") else []

    def fill(self) -> None:
        """Ask the warm site for more articles than the memory of a process holds: 32 MB, at 40 kB each."""
        env = self.options.environment(self.url)
        [found] = processes.inside("articles", MANY, env=env, log=self.options.log)
        wanted = [Wanted(path, "") for path in found["paths"]]
        load(self.site.port, HOST, wanted, EACH * len(wanted))

    def memory(self) -> list[dict[str, float]]:
        """Of each process of the warm site."""
        return [asdict(each) for each in processes.memory(self.site.processes())]


def _without_etags(page: Page) -> list[Wanted]:
    return [Wanted(each.path, each.digest, each.status) for each in page.wanted]


def _of_browsers(page: Page) -> list[Wanted]:
    return [replace(each, accepts=BROWSERS) for each in _without_etags(page)]


def _medians(rows: list[dict[str, float]]) -> dict[str, float]:
    return {key: median(row[key] for row in rows) for key in rows[0]}


def _line(page: Page) -> str:
    made, cold, warm, bare = (page.figures[name]["cpu"] for name in ("made", "cold", "warm", "bare"))
    return (
        f"  {page.name:<22} made {made:8.2f} ms, cold {cold:7.3f} ms, warm {warm:7.3f} ms, bare {bare:6.3f} ms of CPU"
    )
