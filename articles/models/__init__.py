"""The rows of the newsroom: drafts, which editors edit, and editions, which readers read."""

from articles.models.drafts import Article, Comment, Commentator, Section, SourceLink
from articles.models.editions import Edition, EditionTag
from articles.models.imports import ImportRun

__all__ = ["Article", "Comment", "Commentator", "Edition", "EditionTag", "ImportRun", "Section", "SourceLink"]
