"""Path converters of the readers' addresses. Whatever they refuse is an address that does not exist (404).

They are strict because databases are not alike: a NUL or a number beyond 64 bits in a query is an error in PostgreSQL.
"""

from django.urls import register_converter

from articles.months import Month

LONGEST_PAGE = 100  # signs of a flat page's address, with its first slash (FlatPage.url)


class IdConverter:
    """The number of an article: positive, without leading zeros, and one that a database can hold."""

    regex = "[1-9][0-9]{0,18}"

    def to_python(self, value: str) -> int:
        """Raises ValueError for a number of more than 63 bits."""
        number = int(value)
        if number >= 2**63:
            raise ValueError(value)
        return number

    def to_url(self, value: int) -> str:
        return str(value)


class TagSlugConverter:
    """A tag's slug, in any script: letters, digits, _ and -, as django.utils.text.slugify leaves them."""

    regex = r"[\w-]{1,100}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class MonthConverter:
    """A month as 2025/03."""

    regex = "[0-9]{4}/[0-9]{2}"

    def to_python(self, value: str) -> Month:
        """Raises ValueError for what is no month."""
        year, month = value.split("/")
        return Month(int(year), int(month))

    def to_url(self, value: Month) -> str:
        return f"{value.year:04}/{value.month:02}"


class HostConverter:
    """A host name in small ASCII letters, as `articles.addresses` writes it down."""

    regex = r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*"

    def to_python(self, value: str) -> str:
        """Raises ValueError for one longer than names can be (RFC 1035 §2.3.4)."""
        if len(value) > 253:
            raise ValueError(value)
        return value

    def to_url(self, value: str) -> str:
        return value


class PageConverter:
    """The address of a page of the publication without its first slash: policy/corrections/, in ASCII."""

    regex = r"(?:[A-Za-z0-9_-]+/)+"

    def to_python(self, value: str) -> str:
        """Raises ValueError for one that is longer than those of flat pages."""
        if len(value) >= LONGEST_PAGE:
            raise ValueError(value)
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(IdConverter, "id")
register_converter(TagSlugConverter, "tag")
register_converter(MonthConverter, "month")
register_converter(HostConverter, "host")
register_converter(PageConverter, "page")
