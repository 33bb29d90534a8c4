"""Sessions in the database, each with the person it belongs to (`SESSION_ENGINE`)."""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.base_session import AbstractBaseSession


class SessionStore(db.SessionStore):
    """Django's store over rows of `EditorSession`."""

    @classmethod
    def get_model_class(cls) -> type[AbstractBaseSession]:
        from articles.models.accounts import EditorSession  # models are loaded after the store

        return EditorSession

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row of this session, with whom it belongs to."""
        row: Any = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY)
        return row
