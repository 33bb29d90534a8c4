"""Addresses of the feeds. Subscribers keep them for years: they never change."""

from django.urls import path

from articles import converters  # noqa: F401  # registers tag
from articles.feeds import views

urlpatterns = [
    path("feeds/rss.xml", views.rss, name="rss"),
    path("feeds/atom.xml", views.atom, name="atom"),
    path("feeds/feed.json", views.json, name="json-feed"),
    path("feeds/brief/rss.xml", views.brief_rss, name="brief-rss"),
    path("feeds/brief/atom.xml", views.brief_atom, name="brief-atom"),
    path("feeds/brief/feed.json", views.brief_json, name="brief-json-feed"),
    path("feeds/facts/rss.xml", views.facts_rss, name="facts-rss"),
    path("feeds/facts/atom.xml", views.facts_atom, name="facts-atom"),
    path("feeds/facts/feed.json", views.facts_json, name="facts-json-feed"),
    path("feeds/smartnews.xml", views.smartnews, name="smartnews"),
    path("tags/<tag:slug>/rss.xml", views.rss, name="tag-rss"),
    path("tags/<tag:slug>/atom.xml", views.atom, name="tag-atom"),
    path("tags/<tag:slug>/feed.json", views.json, name="tag-json-feed"),
    path("commentators/<id:pk>/rss.xml", views.voice_rss, name="commentator-rss"),
    path("commentators/<id:pk>/atom.xml", views.voice_atom, name="commentator-atom"),
    path("commentators/<id:pk>/feed.json", views.voice_json, name="commentator-json-feed"),
]
