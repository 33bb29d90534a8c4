"""What the checks find in an article as it stands: the facts they ask for, gathered, and the levels of this site."""

from collections.abc import Iterable

from django.conf import settings
from django.utils import timezone

from articles import citing
from articles.checks import Facts, Finding, Media, check, levels
from articles.document import Document
from articles.models.drafts import Article
from articles.models.editions import Edition
from articles.models.pictures import Picture


def findings(document: Document, media: Media, *, unplaced: str = "") -> list[Finding]:
    """What the checks find in a Document now. Two queries at most."""
    return check(document, media, _facts(document, unplaced), levels(settings.CHECK_LEVELS))


def findings_in(edition: Edition) -> list[Finding]:
    """What the checks find in an edition now."""
    return findings(edition.content, edition.media, unplaced=edition.article.unplaced)


def _facts(document: Document, unplaced: str) -> Facts:
    images = {source.image for source in document.sources} - {""}
    urls = {source.url for source in document.sources} - {""}
    pictures = Picture.objects.filter(file__in=images)
    return Facts(
        today=timezone.localdate(),
        unplaced=unplaced,
        permissions=dict(pictures.values_list("file", "permission")) if images else {},
        dead=citing.gone(urls, without_copy=True) if urls else (),
    )


def required(found: Iterable[Finding]) -> list[Finding]:
    """Those that stop publication."""
    return [finding for finding in found if finding.is_required]


def note(article: Article, found: list[Finding]) -> None:
    """Write the numbers of findings where the list of articles shows them."""
    stopping = len(required(found))
    article.required_findings, article.other_findings = stopping, len(found) - stopping
    Article.objects.filter(pk=article.pk).update(
        required_findings=article.required_findings, other_findings=article.other_findings
    )
