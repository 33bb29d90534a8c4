"""The rows of the newsroom: drafts, which editors edit, editions, which readers read, and the desk's own records."""

from articles.models.accounts import EditorSession, Guesses, RecoveryCode, SecondFactor, SecurityEvent
from articles.models.background import BackgroundTask, SweepRun
from articles.models.changes import Change
from articles.models.commentators import Commentator, Remark
from articles.models.desk import Autosave, Event, Note, Presence, Review
from articles.models.drafts import Article, Comment, Section, SourceLink
from articles.models.editions import Edition, EditionTag
from articles.models.imports import ImportRun
from articles.models.passages import Passage, Related, StoryPart
from articles.models.pictures import Picture, Shown
from articles.models.sharing import DraftLink
from articles.models.sources import Address, AddressCheck, Card, Citation, EditionPublisher
from articles.models.tags import FormerTag
from articles.models.tallies import Tally

__all__ = [
    "Address",
    "AddressCheck",
    "Article",
    "Autosave",
    "BackgroundTask",
    "Card",
    "Change",
    "Citation",
    "Comment",
    "Commentator",
    "DraftLink",
    "Edition",
    "EditionPublisher",
    "EditionTag",
    "EditorSession",
    "Event",
    "FormerTag",
    "Guesses",
    "ImportRun",
    "Note",
    "Passage",
    "Picture",
    "Presence",
    "RecoveryCode",
    "Related",
    "Remark",
    "Review",
    "SecondFactor",
    "Section",
    "SecurityEvent",
    "Shown",
    "SourceLink",
    "StoryPart",
    "SweepRun",
    "Tally",
]
