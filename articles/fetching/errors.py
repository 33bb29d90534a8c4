"""Why an address could not be fetched; each message is for editors, and says what can be done."""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class FetchError(Exception):
    """The address could not be fetched. As a text it is a message in the language of whoever reads it."""

    message: ClassVar[str | Promise] = ""

    def __str__(self) -> str:
        return str(self.message)


class BadAddress(FetchError):
    """It is no address of a page on the web."""

    message = _("This is not the address of a web page. It begins with https:// or http://.")


class NotPublic(FetchError):
    """It leads into a network that is not public, or to a door other than the web's."""

    message = _("This address does not lead to the public web.")


class Unreachable(FetchError):
    """No host of that name, no answer, or a connection that broke off."""

    message = _("The site could not be reached. Is the address right?")


class NotTrusted(FetchError):
    """Its certificate is none, or out of date."""

    message = _("The site’s certificate is not in order, so the connection would not be safe.")


class TooSlow(FetchError):
    """The answer was not there in time."""

    message = _("The site took too long to answer. Try again later.")


class Unreadable(FetchError):
    """The answer is not one that HTTP knows, or is packed in a way we do not open."""

    message = _("The site’s answer could not be read.")


class TooManyRedirects(FetchError):
    """It leads on and on."""

    message = _("The address leads on to others without end.")


class Disallowed(FetchError):
    """The site asks robots to stay away."""

    message = _("The site does not want its pages to be read by programs (robots.txt).")


class NotAPage(FetchError):
    """What is there is a picture, a PDF, anything but a page."""

    message = _("There is no web page at this address, but a file of another kind.")


class Refused(FetchError):
    """The site answered with a status that is no success. `retry_after` is what it said of when to come again."""

    def __init__(self, status: int, retry_after: str = "") -> None:
        self.status, self.retry_after = status, retry_after

    def __str__(self) -> str:
        if self.status in (404, 410):
            return str(_("There is no page at this address (%(status)d).")) % {"status": self.status}
        return str(_("The site did not give out the page (%(status)d).")) % {"status": self.status}
