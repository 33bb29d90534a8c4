"""Articles that belong together: the parts of a story, and what else a reader of one may want; written on publication.

What readers are led to is looked up among live editions when they ask, so that nothing here can give a draft away.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from articles.models.drafts import Article
from articles.models.editions import Edition, EditionTag
from articles.models.passages import Related, StoryPart
from articles.models.sources import Citation

MOST = 8  # related articles that are kept; a page shows the first few of them that are on show
LONGEST = 200  # articles of a story
NEWEST = 50  # articles of a tag, or on an address, that are looked at
SHARED_SOURCE = 3  # weighs as much as so many shared tags


def write_neighbours(editions: Sequence[Edition]) -> None:
    """Write down the stories and related articles of editions that were just published, with tags and citations.

    The number of queries grows with that of distinct tags and of stories, not with that of the editions.
    """
    articles = {edition.article_id for edition in editions}
    for article in Article.objects.filter(pk__in=articles, follows__isnull=False).select_related("follows"):
        _write_story(article)
    stories = dict(StoryPart.objects.filter(article__in=articles).values_list("article", "story"))
    Related.objects.filter(article__in=articles).delete()
    tags, addresses = _tags_of(editions), _addresses_of(editions)
    by_tag = {tag: _newest_of_tag(tag) for tag in {tag for found in tags.values() for tag in found}}
    by_address = _articles_on({address for found in addresses.values() for address in found})
    Related.objects.bulk_create(
        Related(article_id=edition.article_id, other_id=other, position=position)
        for edition in {edition.article_id: edition for edition in editions}.values()
        for position, other in enumerate(
            _nearest(
                [by_tag[tag] for tag in tags.get(edition.pk, ())],
                [by_address[address] for address in addresses.get(edition.pk, ())],
                {edition.article_id, *_story_of(edition.article_id, stories)},
            )
        )
    )


def _write_story(article: Article) -> None:
    """Every article that this one follows, and itself, in one story that has the name of the first."""
    chain = [article]
    while chain[-1].follows and len(chain) < LONGEST:
        chain.append(chain[-1].follows)
    known = StoryPart.objects.filter(article__in=chain).values_list("story", flat=True).first()
    StoryPart.objects.bulk_create(
        (StoryPart(story=known or chain[-1].pk, article=each) for each in chain), ignore_conflicts=True
    )


def _story_of(article: int, stories: dict[int, int]) -> Iterable[int]:
    if article not in stories:
        return ()
    return StoryPart.objects.filter(story=stories[article]).values_list("article", flat=True)


def _tags_of(editions: Sequence[Edition]) -> dict[int, list[int]]:
    return _listed(EditionTag.objects.filter(edition__in=editions).values_list("edition", "tag"))


def _addresses_of(editions: Sequence[Edition]) -> dict[int, list[int]]:
    return _listed(
        Citation.objects.filter(edition__in=editions).values_list("edition", "address").distinct().order_by()
    )


def _listed(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found


def _newest_of_tag(tag: int) -> list[int]:
    rows = EditionTag.objects.filter(tag=tag).order_by("-published_at", "-edition_id")
    return list(dict.fromkeys(rows.values_list("edition__article", flat=True)[:NEWEST]))


def _articles_on(addresses: Collection[int]) -> dict[int, list[int]]:
    """By address, the articles that stand on it, the newest first. One query."""
    rows = Citation.objects.filter(address__in=addresses).order_by("-edition__published_at", "-edition")
    found = _listed(rows.values_list("address", "edition__article")[: NEWEST * len(addresses)])
    return {address: list(dict.fromkeys(found.get(address, [])))[:NEWEST] for address in addresses}


def _nearest(by_tag: list[list[int]], by_address: list[list[int]], without: Collection[int]) -> list[int]:
    """The articles that share most; of those that share as much, the ones that are newest in a list."""
    shared: Counter[int] = Counter()
    for articles in by_address:
        for article in articles:
            shared[article] += SHARED_SOURCE
    for articles in by_tag:
        for article in articles:
            shared[article] += 1
    return [article for article, _weight in shared.most_common() if article not in without][:MOST]
