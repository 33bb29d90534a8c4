"""What a page says of itself: publisher, title, date, picture and lasting address, from its bytes. Pure."""

from articles.cards.reading import Card, read_card

__all__ = ["Card", "read_card"]
