"""Small files that programs ask for by themselves: icons, the web app manifest, and whom to tell of a weakness."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone

from articles.months import Month
from articles.reading import for_readers

DAY = 24 * 3600
PAPER = "#faf6ec"  # as in tokens.css, by day
MONTHS_AHEAD = 6  # that security.txt holds good; RFC 9116 §2.5.5 wants less than a year


@for_readers(max_age=DAY)
def favicon(request: HttpRequest) -> HttpResponseBase:
    """Where browsers find the icon that they look for at the root of every site."""
    return redirect(static("img/favicon.ico"))


@for_readers(max_age=DAY)
def apple_touch_icon(request: HttpRequest) -> HttpResponseBase:
    """Where Apple's systems find theirs."""
    return redirect(static("img/icon-180.png"))


@for_readers()
def manifest(request: HttpRequest) -> HttpResponse:
    """What the site is called and looks like on a home screen (W3C, Web Application Manifest)."""
    icons = [
        {"src": static(f"img/icon-{side}.png"), "sizes": f"{side}x{side}", "type": "image/png"} for side in (192, 512)
    ]
    maskable = {
        "src": static("img/icon-maskable.png"),
        "sizes": "512x512",
        "type": "image/png",
        "purpose": "maskable",
    }
    told = {
        "id": reverse("home"),
        "start_url": reverse("home"),
        "scope": reverse("home"),
        "name": settings.SITE_NAME,
        "short_name": settings.SITE_NAME,
        "description": settings.SITE_DESCRIPTION,
        "lang": settings.LANGUAGE_CODE,
        "dir": "ltr",
        "display": "minimal-ui",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [*icons, maskable],
    }
    return JsonResponse(told, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@for_readers(ages=True)
def security(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness of the site (RFC 9116); 404 where nobody is named."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    month = Month.of(timezone.now())
    for _ in range(MONTHS_AHEAD):
        month = Month.of(month.end)
    context = {"contacts": settings.SECURITY_CONTACT, "expires": month.start}
    return render(request, "security.txt", context, "text/plain; charset=utf-8")
