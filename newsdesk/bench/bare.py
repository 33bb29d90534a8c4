"""The anchor: a view that does nothing but return the bytes of a page, `/<number>`, with no middleware.

With BENCH_CACHE=1 it stands behind Django's own cache of the whole site instead. BENCH_BODIES is the folder of bodies.
"""

import json
import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

_folder = Path(os.environ["BENCH_BODIES"])
_bodies = {
    number: (Path(_folder, f"{number}.body").read_bytes(), content_type)
    for number, content_type in json.loads(Path(_folder, "types.json").read_text())
}


def page(request: HttpRequest, number: int) -> HttpResponse:
    """The bytes of the page of that number."""
    body, content_type = _bodies[number]
    return HttpResponse(body, content_type=content_type)


urlpatterns = [path("<int:number>", page)]

if not settings.configured:
    cache = "django.middleware.cache"
    settings.configure(
        ROOT_URLCONF=__name__,
        ALLOWED_HOSTS=["*"],
        SECRET_KEY="bench",  # noqa: S106  # it keeps no secret
        MIDDLEWARE=[f"{cache}.UpdateCacheMiddleware", f"{cache}.FetchFromCacheMiddleware"]
        if os.environ.get("BENCH_CACHE")
        else [],
    )
application = get_wsgi_application()
