"""WSGI entry: `gunicorn newsdesk.wsgi:application`. Finished pages are answered before Django sees the request."""

import os
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsdesk.settings")


def _application() -> Any:
    django = get_wsgi_application()
    from newsdesk.front_cache import FrontCache
    from newsdesk.page_store.store import in_front_of  # needs models, which Django has loaded by now

    return FrontCache(in_front_of(django))


application = _application()
