"""Headers that every answer carries: what a browser may load, run and tell others, and who may embed what.

One policy serves readers' pages and the desk: neither has a script or a style of its own in the page, so nothing needs
a nonce, and pages stay the same bytes for everybody. See docs/decisions/0036.
"""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.http.response import HttpResponseBase

GetResponse = Callable[[HttpRequest], HttpResponseBase]
Headers = dict[str, str]

DESK = "/admin/"
# What no page of ours asks a browser for, and nothing put into one may. Names that Chromium does not know it warns of.
NOT_ASKED_FOR = (
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
PERMISSIONS = ", ".join(f"{name}=()" for name in NOT_ASKED_FOR)  # nginx adds it by itself (newsdesk/deploy/nginx.conf)
FILE_POLICY = "default-src 'none'; frame-ancestors 'none'"
UPLOAD_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"  # nobody's upload is ever a page


def page_policy(pictures_from: str = "", *, https: bool = False) -> str:
    """The Content-Security-Policy of pages; `pictures_from` is the origin of uploads where that is another."""
    directives = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": f"'self' {pictures_from}".rstrip(),
        "connect-src": "'self'",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        **({"upgrade-insecure-requests": ""} if https else {}),
    }
    return "; ".join(f"{name} {sources}".rstrip() for name, sources in directives.items())


def origin_of_uploads() -> str:
    """Where browsers get uploads from, as `https://media.example.com`; empty where that is the site itself."""
    address = urlsplit(default_storage.url("a"))
    site = urlsplit(settings.SITE_URL)
    if not address.netloc or (address.scheme, address.netloc) == (site.scheme, site.netloc):
        return ""
    return f"{address.scheme or site.scheme}://{address.netloc}"


class HeadersMiddleware:
    """Adds the headers to each answer that has not set them itself. They are made once, when the server starts."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        https = settings.SITE_URL.startswith("https:")
        always = {"Permissions-Policy": PERMISSIONS}
        page = {**always, "Content-Security-Policy": page_policy(origin_of_uploads(), https=https)}
        # Readers follow a source with the site's name as the referrer; who works on what is nobody's business.
        self.page = {
            **page,
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "strict-origin-when-cross-origin",
        }
        self.desk = {**page, "Cross-Origin-Resource-Policy": "same-origin", "Referrer-Policy": "same-origin"}
        # Feeds, pictures and icons are made to be shown by others.
        self.file = {
            **always,
            "Content-Security-Policy": FILE_POLICY,
            "Cross-Origin-Resource-Policy": "cross-origin",
        }
        self.upload = {**self.file, "Content-Security-Policy": UPLOAD_POLICY}

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 304:  # its headers would replace those of the page that the browser has
            return response
        for name, value in self._headers(request.path_info, response.headers.get("Content-Type", "")).items():
            response.headers.setdefault(name, value)
        return response

    def _headers(self, path: str, content_type: str) -> Headers:
        if path.startswith(settings.MEDIA_URL):
            return self.upload
        if path.startswith(DESK):
            return self.desk
        return self.page if content_type.startswith("text/html") else self.file
