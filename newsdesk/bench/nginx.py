"""nginx: as an anchor that sends files, and before the site with the configuration that ships with it."""

import os
import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from newsdesk.bench.servers import free_port

SHIPPED = Path(__file__).resolve().parents[1] / "deploy" / "nginx.conf"

_MAIN = """
{user}worker_processes {workers};
pid {folder}/nginx.pid;
error_log {folder}/nginx.log warn;
events {{ worker_connections 1024; }}
"""
_HTTP = """
http {{
access_log off;
{temporary}
{inner}
}}
"""
_STATIC = """
sendfile on;
tcp_nopush on;
open_file_cache max=1000;
server {{
listen 127.0.0.1:{port};
root {bodies};
{locations}
}}
"""
# Those it gives a file itself.
_OWN = frozenset({"content-length", "content-type", "etag", "last-modified", "date", "server", "connection", "vary"})


def program() -> str:
    """Where nginx is; empty where it is not."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") or ""


def line(configuration: Path) -> list[str]:
    """The command that serves by a configuration, in the foreground."""
    return [program(), "-c", str(configuration), "-p", str(configuration.parent), "-g", "daemon off;"]


def static(
    folder: Path, bodies: Path, port: int, workers: int, pages: Mapping[int, tuple[str, Iterable[tuple[str, str]]]]
) -> Path:
    """A configuration that serves files of a folder, N.sent, each at the path of its page with its headers."""
    locations = "\n".join(_location(number, path, dict(named)) for number, (path, named) in pages.items())
    text = _STATIC.format(port=port, bodies=bodies, locations=locations)
    return _write(Path(folder, "static.conf"), text, workers)


def _location(number: int, path: str, headers: Mapping[str, str]) -> str:
    added = (f"add_header {name} {_quoted(value)};" for name, value in headers.items() if name.lower() not in _OWN)
    kind = _quoted(headers.get("content-type", "text/html; charset=utf-8"))
    return f'location = "{path}" {{ try_files /{number}.sent =404; default_type {kind}; {" ".join(added)} }}'


def _quoted(value: str) -> str:
    r"""As a word of the configuration. What begins a variable there ($) stands in none of our headers."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def before(folder: Path, host: str, upstream: int, workers: int) -> tuple[Path, list[int]]:
    """The configuration that ships with the site, brought to this machine: other ports, other folders, no TLS.

    Returns it with the ports on which it listens now, one for each on which it listened. Raises ValueError where it
    does not pass anything on to a server of the site.
    """
    text = "\n".join(line for line in SHIPPED.read_text().splitlines() if not line.strip().startswith("#"))
    text, ports = _listening(text)
    text, passed = re.subn(r"(?:127\.0\.0\.1|localhost):8000\b|unix:[^;\s]+", f"127.0.0.1:{upstream}", text)
    if not passed:
        raise ValueError(f"{SHIPPED.name} passes nothing on to 127.0.0.1:8000 or a socket")
    text = re.sub(
        r"(?m)^\s*(?:ssl_\w+|http2|http3|quic_\w+|access_log|error_log|pid|user|worker_processes)\b[^;{]*;", "", text
    )
    text = re.sub(r"(proxy_cache_path\s+)\S+", rf"\g<1>{folder}/cache", text)
    text = re.sub(r"\bserver_name\s+(?!_)[^;]+;", f"server_name {host};", text).replace("$scheme", "https")
    return _write(Path(folder, "before.conf"), text, workers), ports


def _listening(text: str) -> tuple[str, list[int]]:
    """The text with a port of ours for every one that it listens on."""
    ours: dict[str, int] = {}

    def ported(found: "re.Match[str]") -> str:
        address, options = found[1], found[2]
        if address.startswith("["):
            return ""
        port = ours.setdefault(address.rpartition(":")[2], free_port())
        return f"listen 127.0.0.1:{port}{' default_server' if 'default_server' in options else ''};"

    return re.sub(r"\blisten\s+([^\s;]+)([^;]*);", ported, text), list(ours.values())


def _write(path: Path, text: str, workers: int) -> Path:
    """A whole configuration: the text is one already, or belongs into http."""
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "\n".join(f"{kind}_temp_path {path.parent}/{kind};" for kind in kinds)
    user = "user root;\n" if os.geteuid() == 0 else ""  # its workers have to read files of whoever runs the bench
    main = _MAIN.format(user=user, workers=workers, folder=path.parent)
    if re.search(r"(?m)^\s*http\s*\{", text):
        text = re.sub(r"(?s)\bevents\s*\{.*?\}", "", text)
        text = re.sub(r"\bhttp\s*\{", f"http {{ access_log off; {temporary}", text, count=1)
        path.write_text(main + text)
    else:
        path.write_text(main + _HTTP.format(temporary=temporary, inner=text))
    return path
