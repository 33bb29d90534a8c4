"""Addresses of the readers' pages. They never change (docs/architecture.md)."""

from django.urls import include, path

from articles import converters, health, monitoring, sitemaps, small_files, views  # noqa: F401  # converters registers id, tag, month, host and page

urlpatterns = [
    path("", views.home, name="home"),
    path("articles/<id:pk>/", views.article, name="article"),
    path("articles/<id:pk>/brief/", views.brief, name="brief"),
    path("articles/<id:pk>/facts/", views.facts, name="facts"),
    path("articles/<id:pk>/share.png", views.picture, name="share-picture"),
    path("drafts/<str:signed>/", views.draft, name="draft"),
    path("tags/", views.tags, name="tags"),
    path("tags/<tag:slug>/", views.tag, name="tag"),
    path("tags/<tag:slug>/questions/", views.questions_of_tag, name="questions-of-tag"),
    path("search/", views.search, name="search"),
    path("questions/", views.all_questions, name="questions"),
    path("questions/<month:month>/", views.questions_of_month, name="questions-of-month"),
    path("stories/<id:pk>/", views.story, name="story"),
    path("commentators/", views.commentators, name="commentators"),
    path("commentators/<id:pk>/", views.commentator, name="commentator"),
    path("archive/", views.archive, name="archive"),
    path("archive/<month:month>/", views.month, name="month"),
    path("sources/", views.sources, name="sources"),
    path("sources/<month:month>/", views.sources_of_month, name="sources-of-month"),
    path("sources/<host:host>/", views.publisher, name="publisher"),
    path("corrections/", views.corrections, name="corrections"),
    path("feeds/", views.feeds, name="feeds"),
    path("", include("articles.feeds.urls")),
    path("sitemap.xml", sitemaps.index, name="sitemap"),
    path("sitemaps/pages.xml", sitemaps.pages, name="sitemap-pages"),
    path("sitemaps/<month:month>.xml", sitemaps.month, name="sitemap-month"),
    path("news-sitemap.xml", sitemaps.news, name="news-sitemap"),
    path("robots.txt", sitemaps.robots, name="robots"),
    path("favicon.ico", small_files.favicon, name="favicon"),
    path("apple-touch-icon.png", small_files.apple_touch_icon, name="apple-touch-icon"),
    path("manifest.webmanifest", small_files.manifest, name="manifest"),
    path(".well-known/security.txt", small_files.security, name="security"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", monitoring.metrics, name="metrics"),
    path("pages/", views.pages, name="pages"),
    path("<page:address>", views.page, name="page"),  # last: whatever has another meaning keeps it
]
