"""Builders: articles, editions and pictures as tests need them."""

from datetime import datetime
from io import BytesIO
from typing import Any

from PIL import Image

from articles import drafting, publishing
from articles.document import Document
from articles.models import Article, Edition, Picture


def drafted(title: str = "港はいつ開く？", **fields: Any) -> Article:
    """A new article that was never saved as an edition."""
    return drafting.create(Document(title=title, **fields))


def changed(article: Article, title: str) -> Edition:
    """An edition of the article after its title was changed."""
    Article.objects.filter(pk=article.pk).update(title=title)
    article.refresh_from_db()
    return publishing.save(article, by=None)


def published(title: str = "港はいつ開く？", at: datetime | None = None, **fields: Any) -> Edition:
    """The live edition of a new article, whatever the checks would say of it."""
    edition = publishing.save(drafted(title, **fields), by=None)
    return publishing.publish(edition, by=None, at=at, despite_findings=True)


def permitted(file: str | None) -> Picture:
    """A stored picture of our own making, as the library knows it."""
    return Picture.objects.get_or_create(file=file, defaults={"permission": Picture.Permission.OWN})[0]


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **options: Any) -> BytesIO:
    """An encoded picture, left half red, right half blue."""
    image = Image.new("RGB", size, "#cc0000")
    image.paste("#0000cc", (size[0] // 2, 0, *size))
    out = BytesIO()
    image.save(out, kind, **options)
    out.seek(0)
    return out
