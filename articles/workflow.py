"""Who may do what at the desk, and in which state of an article: one table that screens, verbs, guide and tests share.

What somebody may do is a matter of Django's permissions. A role is a group that has them: `GROUPS` is what the
migration makes, and a newsroom may rename its groups or give them other permissions. What can be done with an article
in its state is a matter of the table, for superusers too.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.models.drafts import Article
from articles.states import State, state_of

Stage = Article.Stage
Anybody = User | AnonymousUser

EDIT_ANY = "articles.edit_any_article"


class Role(TextChoices):
    """The newsroom's roles, each with what those before it may do."""

    WRITER = "writer", _("writer")
    EDITOR = "editor", _("editor")
    PUBLISHER = "publisher", pgettext_lazy("role", "publisher")


class Action(TextChoices):
    """What can be done with an article at the desk."""

    VIEW = "view", pgettext_lazy("action", "read")
    CREATE = "create", pgettext_lazy("action", "write or import a new one")
    EDIT = "edit", pgettext_lazy("action", "edit, restore an edition, change tags")
    DELETE = "delete", pgettext_lazy("action", "delete")
    NOTE = "note", pgettext_lazy("action", "write and settle notes")
    FOLLOW_UP = "follow_up", pgettext_lazy("action", "begin a follow-up")
    EXPORT = "export", pgettext_lazy("action", "export the manuscript")
    ASK_REVIEW = "ask_review", pgettext_lazy("action", "send to review")
    TAKE_BACK = "take_back", pgettext_lazy("action", "take back from review")
    APPROVE = "approve", pgettext_lazy("action", "approve")
    SEND_BACK = "send_back", pgettext_lazy("action", "send back")
    SHARE = "share", pgettext_lazy("action", "make draft links")
    PUBLISH = "publish", pgettext_lazy("action", "publish or schedule")
    UNSCHEDULE = "unschedule", pgettext_lazy("action", "take back a schedule")
    WITHDRAW = "withdraw", pgettext_lazy("action", "withdraw")


@dataclass(frozen=True, slots=True)
class Rule:
    """What an action needs. `of_others` is needed besides where the article is somebody else's."""

    permission: str
    of_others: str = ""
    stages: Collection[Stage] = frozenset(Stage)
    states: Collection[State] = frozenset(State)
    leads_to: Stage | None = None


_ON_SHOW = frozenset({State.LIVE, State.CHANGED, State.UPDATE})
_NOT_ALL_PUBLISHED = frozenset(State) - {State.LIVE}

TABLE: dict[Action, Rule] = {
    Action.VIEW: Rule("articles.view_article"),
    Action.CREATE: Rule("articles.add_article"),
    Action.EDIT: Rule("articles.change_article", EDIT_ANY),
    Action.DELETE: Rule("articles.delete_article", EDIT_ANY, states=frozenset({State.DRAFT})),
    Action.NOTE: Rule("articles.add_note"),
    Action.FOLLOW_UP: Rule("articles.add_article"),
    Action.EXPORT: Rule("articles.view_article"),
    Action.ASK_REVIEW: Rule(
        "articles.change_article", EDIT_ANY, {Stage.WRITING}, _NOT_ALL_PUBLISHED, leads_to=Stage.REVIEW
    ),
    Action.TAKE_BACK: Rule("articles.change_article", EDIT_ANY, {Stage.REVIEW}, leads_to=Stage.WRITING),
    Action.APPROVE: Rule("articles.approve_article", stages={Stage.REVIEW}, leads_to=Stage.APPROVED),
    Action.SEND_BACK: Rule("articles.approve_article", stages={Stage.REVIEW}, leads_to=Stage.WRITING),
    Action.SHARE: Rule("articles.add_draftlink", states=_NOT_ALL_PUBLISHED),
    Action.PUBLISH: Rule("articles.publish_article", states=_NOT_ALL_PUBLISHED),
    Action.UNSCHEDULE: Rule("articles.publish_article", states={State.SCHEDULED, State.UPDATE}),
    Action.WITHDRAW: Rule("articles.publish_article", states=_ON_SHOW | {State.SCHEDULED}),
}


def may(user: Anybody, action: Action, article: Article | None = None) -> bool:
    """Whether the person has the right, to this article if one is given. The article's state is not asked here."""
    rule = TABLE[action]
    if not user.has_perm(rule.permission):
        return False
    return article is None or not rule.of_others or is_own(user, article) or user.has_perm(rule.of_others)


def is_own(user: Anybody, article: Article) -> bool:
    """Whether the article is this person's, who began it."""
    return user.pk is not None and article.created_by_id == user.pk


def fits(action: Action, article: Article) -> bool:
    """Whether the action makes sense in the article's state. No query where it came from `with_state()`."""
    rule = TABLE[action]
    if "is_live" not in vars(article):
        article = Article.objects.with_state().get(pk=article.pk)
    return article.stage in stages(action) and state_of(article) in rule.states


def stages(action: Action) -> Collection[Stage]:
    """The stages the action is possible in. Where a review is required, only what was approved is published."""
    if action == Action.PUBLISH and settings.REVIEW_REQUIRED:
        return {Stage.APPROVED}
    return TABLE[action].stages


def can(user: Anybody, action: Action, article: Article) -> bool:
    """Whether this person can do it to this article now."""
    return may(user, action, article) and fits(action, article)


# The groups that the migration makes: their names, and the permissions of each besides those of the one before. Those
# for the pages of the publication come by `articles.after_migrating`.

GROUPS: dict[Role, str] = {Role.WRITER: "ライター", Role.EDITOR: "編集者", Role.PUBLISHER: "公開担当者"}


def _all_of(model: str, app: str = "articles") -> set[str]:
    return {f"{app}.{verb}_{model}" for verb in ("view", "add", "change", "delete")}


_MORE: dict[Role, Any] = {
    Role.WRITER: {
        *_all_of("article"),
        *_all_of("section"),
        *_all_of("sourcelink"),
        *_all_of("comment"),
        *(f"articles.{verb}_note" for verb in ("view", "add", "change")),
        *(f"articles.view_{model}" for model in ("commentator", "review", "address", "addresscheck")),
        *(f"{name}" for name in ("articles.view_picture", "articles.add_picture", "taggit.view_tag", "taggit.add_tag")),
    },
    Role.EDITOR: {
        EDIT_ANY,
        "articles.approve_article",
        "articles.view_event",
        "articles.change_picture",
        "articles.delete_picture",
        "articles.change_address",
        *_all_of("commentator"),
        *_all_of("draftlink"),
        *_all_of("tag", "taggit"),
        *_all_of("flatpage", "flatpages"),
    },
    Role.PUBLISHER: {"articles.publish_article"},
}


def permissions(role: Role) -> set[str]:
    """The permissions of a role, with those of the roles before it, as migrations give them to its group."""
    roles = list(Role)
    return {name for each in roles[: roles.index(role) + 1] for name in _MORE[each]}
