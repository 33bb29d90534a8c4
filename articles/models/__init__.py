"""The rows of the newsroom: drafts, which editors edit, editions, which readers read, and the desk's own records."""

from articles.models.background import BackgroundTask, SweepRun
from articles.models.commentators import Commentator, Remark
from articles.models.desk import Autosave, Event, Note, Presence, Review
from articles.models.drafts import Article, Comment, Section, SourceLink
from articles.models.editions import Edition, EditionTag
from articles.models.imports import ImportRun
from articles.models.passages import Passage, Related, StoryPart
from articles.models.pictures import Picture, Shown
from articles.models.sharing import DraftLink
from articles.models.sources import Address, AddressCheck, Card, Citation
from articles.models.tags import FormerTag

__all__ = [
    "Address",
    "AddressCheck",
    "Article",
    "Autosave",
    "BackgroundTask",
    "Card",
    "Citation",
    "Comment",
    "Commentator",
    "DraftLink",
    "Edition",
    "EditionTag",
    "Event",
    "FormerTag",
    "ImportRun",
    "Note",
    "Passage",
    "Picture",
    "Presence",
    "Related",
    "Remark",
    "Review",
    "Section",
    "Shown",
    "SourceLink",
    "StoryPart",
    "SweepRun",
]
