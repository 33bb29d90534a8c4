"""Addresses of the site: the desk, and the reader's side."""

from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("articles.urls")),
    *static(settings.MEDIA_URL, document_root=settings.STORAGES["default"].get("OPTIONS", {}).get("location")),
]

handler400 = "newsdesk.error_pages.bad_request"
handler403 = "newsdesk.error_pages.forbidden"
handler404 = "articles.views.not_found"
handler500 = "newsdesk.error_pages.broken"
