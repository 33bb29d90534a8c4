"""Stories: articles that go on from one another, as readers have them, and the line of time that their sources make."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef

from articles.document import Source
from articles.models.editions import Edition
from articles.models.passages import StoryPart

LONGEST = 200  # articles of a story that are shown
MOST = 500  # entries of a line of time, or stories


@dataclass(frozen=True, slots=True)
class Report:
    """A source of a story on its line of time, and where in which article it stands."""

    on: date
    source: Source
    edition: Edition
    number: int


@dataclass(frozen=True, slots=True)
class Story:
    """The live articles of a story, the first first, and their dated sources, the oldest first.

    `key` is the number in its address; its title is that of the first article that readers have.
    """

    key: int
    editions: Sequence[Edition]
    reports: Sequence[Report]

    @property
    def title(self) -> str:
        return self.editions[0].title

    @property
    def newest(self) -> Edition:
        return self.editions[-1]


def story_of(key: int) -> Story | None:
    """A story of which readers have two articles or more. One query."""
    parts = StoryPart.objects.filter(story=key).values("article")
    live = Edition.objects.live().filter(article__in=parts).order_by("published_at", "article_id")
    editions = list(live[:LONGEST])
    return Story(key, editions, _reports(editions)) if len(editions) > 1 else None


def stories_in_use() -> list[int]:
    """The keys of the stories of which readers have two articles or more, the newest begun first. One query."""
    on_show = Exists(Edition.objects.live().filter(article=OuterRef("article")).order_by())
    told = StoryPart.objects.filter(on_show).values("story").annotate(articles=Count("pk")).filter(articles__gt=1)
    return list(told.order_by("-story").values_list("story", flat=True)[:MOST])


def _reports(editions: Sequence[Edition]) -> list[Report]:
    """Each source once, where it was named first."""
    seen: set[tuple[date, str]] = set()
    found = []
    for edition in editions:
        for number, section in enumerate(edition.content.sections, start=1):
            for source in section.sources:
                if source.published_on and (source.published_on, source.url or source.caption) not in seen:
                    seen.add((source.published_on, source.url or source.caption))
                    found.append(Report(source.published_on, source, edition, number))
    return sorted(found, key=lambda report: report.on)[:MOST]
