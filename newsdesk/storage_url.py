"""STORAGE_URL: where uploaded pictures are kept, in one address as DATABASE_URL is one."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def storage_from_url(url: str) -> dict[str, Any]:
    """The entry of Django's STORAGES for an address.

    `file:///srv/media` keeps files in a folder; `s3://KEY:SECRET@host/bucket?region=…&public=https://cdn…` in an
    S3-compatible store (KEY and SECRET may be left to the machine's own credentials; `public` is the address
    under which readers reach the files). Raises ImproperlyConfigured for anything else.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.path:
        return {"BACKEND": "newsdesk.whole_files.WholeFiles", "OPTIONS": {"location": unquote(parts.path)}}
    bucket = parts.path.strip("/")
    if parts.scheme == "s3" and parts.hostname and bucket and "/" not in bucket:
        return {"BACKEND": "newsdesk.s3_files.S3Files", "OPTIONS": _s3_options(url, bucket)}
    raise ImproperlyConfigured(
        f"STORAGE_URL must be like file:///srv/media or s3://KEY:SECRET@host/bucket, not {url!r}."
    )


def _s3_options(url: str, bucket: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    port = f":{parts.port}" if parts.port else ""
    options: dict[str, Any] = {
        "bucket_name": bucket,
        "endpoint_url": f"{query.get('scheme', 'https')}://{parts.hostname}{port}",
        "file_overwrite": False,
        "querystring_auth": False,
        "object_parameters": {"CacheControl": "public, max-age=31536000, immutable"},
    }
    if parts.username and parts.password:
        options |= {"access_key": unquote(parts.username), "secret_key": unquote(parts.password)}
    if "region" in query:
        options["region_name"] = query["region"]
    if "public" in query:
        public = urlsplit(query["public"])
        options |= {"custom_domain": public.netloc + public.path.rstrip("/"), "url_protocol": f"{public.scheme}:"}
    return options
