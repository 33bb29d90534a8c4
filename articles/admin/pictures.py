"""The library of pictures at the desk: look for one, bring new ones, say whose they are and what stays in sight."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import images, picturing
from articles.admin.reviews import signed_in
from articles.images import PictureFormField
from articles.models import Picture
from articles.renditions import rendition_name, smallest

MOST_AT_ONCE = 30  # files; each takes a second or so to read
CHOICES = 24  # pictures that a search on an article's page shows
LISTED = 20  # articles that the form of a picture names


class PictureForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """What has to be known of a picture. The point that stays in sight is set on the picture itself, too."""

    class Meta:
        widgets = {
            "focal_x": forms.NumberInput(attrs={"step": "0.01", "min": "0", "max": "1"}),
            "focal_y": forms.NumberInput(attrs={"step": "0.01", "min": "0", "max": "1"}),
            "alt": forms.TextInput(attrs={"class": "vTextField"}),
            "credit": forms.TextInput(attrs={"class": "vTextField"}),
            "permission_note": forms.TextInput(attrs={"class": "vTextField"}),
        }


class UseFilter(admin.SimpleListFilter):
    """Pictures that something shows, and those that nothing does."""

    title = gettext_lazy("use")
    parameter_name = "used"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return [("1", _("in use")), ("0", _("not in use"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Picture]") -> "QuerySet[Picture]":
        wanted = Q(is_used=self.value() == "1") if self.value() in ("0", "1") else Q()
        return queryset.filter(wanted)


@admin.register(Picture)
class PictureAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Stored pictures with what has to be known before they may be shown."""

    form = PictureForm
    list_display = ("described", "credit", "permission", "used", "added_at")
    list_filter = ("permission", UseFilter)
    list_per_page = 60
    show_full_result_count = False
    search_fields = ("alt",)
    search_help_text = gettext_lazy("Finds words in alternative texts, credits and notes; part them by spaces.")
    fields = ("in_full", "alt", "credit", "permission", "permission_note", ("focal_x", "focal_y"), "shown_in", "facts")
    readonly_fields = ("in_full", "shown_in", "facts")
    actions = None

    class Media:
        css = {"all": ("admin-desk/desk.css", "admin-desk/pictures.css")}

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("choose/", view(self.choose_view), name="articles_picture_choose"),
            path("bring/", view(self.bring_view), name="articles_picture_bring"),
            *super().get_urls(),
        ]

    # -- for the page of an article

    def choose_view(self, request: HttpRequest) -> JsonResponse:
        """The newest pictures in which the words are found, for the choice on an article's page. One query."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = picturing.search(
            Picture.objects.exclude(permission=Picture.Permission.REFUSED), request.GET.get("q", "")
        )
        return JsonResponse({"pictures": [_as_choice(picture) for picture in found[:CHOICES]]})

    def bring_view(self, request: HttpRequest) -> HttpResponseBase:
        """Take one file into the library, for the same choice; 400 with the reason where it cannot be kept."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_add_permission(request):
            raise PermissionDenied
        file = request.FILES.get("file")
        if not file:
            return JsonResponse({"error": _("Choose at least one picture.")}, status=400)
        try:
            return JsonResponse(_as_choice(picturing.keep(file, by=signed_in(request))))
        except images.UnusablePicture as error:
            return JsonResponse({"error": " ".join(error.messages)}, status=400)

    # -- what it works on

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Picture]":
        """Pictures, each with whether anything shows it."""
        return picturing.with_use(super().get_queryset(request).select_related("added_by"))

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Picture]", search_term: str
    ) -> "tuple[QuerySet[Picture], bool]":
        return picturing.search(queryset, search_term), False

    def has_delete_permission(self, request: HttpRequest, obj: Picture | None = None) -> bool:
        """Nobody removes what an article or a commentator shows, or readers saw."""
        return super().has_delete_permission(request, obj) and not (obj and picturing.is_used(obj))

    def save_model(self, request: HttpRequest, obj: Picture, form: Any, change: bool) -> None:
        picturing.change(obj, by=signed_in(request), changed=form.changed_data)

    def delete_model(self, request: HttpRequest, obj: Picture) -> None:
        try:
            picturing.remove(obj, by=signed_in(request))
        except picturing.PictureInUse as error:  # an article took it since the page was opened
            raise PermissionDenied(str(error)) from error

    # -- bringing pictures

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Several files at once, chosen, dropped or pasted; each is told apart, and what is refused stops no other."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        kept: list[Picture] = []
        if request.method == "POST":
            files = request.FILES.getlist("files")
            if not files:
                self.message_user(request, _("Choose at least one picture."), messages.WARNING)
            kept = [picture for file in files[:MOST_AT_ONCE] if (picture := self._keep(request, file))]
            self._tell(request, kept, left=len(files) - MOST_AT_ONCE)
        if len(kept) == 1:
            return redirect("admin:articles_picture_change", kept[0].pk)
        if kept:
            return redirect("admin:articles_picture_changelist")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Add pictures"),
            "media": self.media,
            "accept": PictureFormField().widget.attrs["accept"],
            "most": MOST_AT_ONCE,
        }
        return TemplateResponse(request, "admin/articles/picture/add.html", context)

    def _keep(self, request: HttpRequest, file: "UploadedFile[Any]") -> Picture | None:
        try:
            return picturing.keep(file, by=signed_in(request))
        except images.UnusablePicture as error:
            self.message_user(request, f"{file.name}: {' '.join(error.messages)}", messages.ERROR)
        return None

    def _tell(self, request: HttpRequest, kept: list[Picture], *, left: int) -> None:
        if kept:
            note = ngettext(
                "%(count)d picture is in the library. Say what it shows, whose it is, and who permitted it.",
                "%(count)d pictures are in the library. Say what they show, whose they are, and who permitted them.",
                len(kept),
            )
            self.message_user(request, note % {"count": len(kept)}, messages.SUCCESS)
        if left > 0:
            note = _("%(most)d files can be sent at once; %(left)d were left out. Send those again.")
            self.message_user(request, note % {"most": MOST_AT_ONCE, "left": left}, messages.WARNING)

    # -- what lists and forms show

    @admin.display(description=gettext_lazy("picture"), ordering="alt")
    def described(self, picture: Picture) -> SafeString:
        """The picture, small, and what it shows in words."""
        words = picture.alt or _("(no words yet)")
        shown = '<span class="desk-pictured"><img class="desk-thumbnail" src="{}" alt="" loading="lazy"> {}</span>'
        return format_html(shown, thumbnail_url(picture), words)

    @admin.display(description=gettext_lazy("in use"), boolean=True)
    def used(self, picture: Picture) -> bool:
        """Whether anything shows it."""
        return bool(vars(picture)["is_used"])

    @admin.display(description=gettext_lazy("picture"))
    def in_full(self, picture: Picture) -> SafeString:
        """The picture, on which the point that stays in sight is set."""
        help_text = _(
            "Press where the picture matters most, or move the point with the arrow keys: "
            "where a page cuts the picture, this stays in sight."
        )
        return format_html(
            '<span class="desk-focal"><img src="{}" alt="{}" width="{}" height="{}"></span>'
            '<span class="help">{}</span>',
            picture.file.url,
            picture.alt,
            picture.file_width or "",
            picture.file_height or "",
            help_text,
        )

    @admin.display(description=gettext_lazy("shown in"))
    def shown_in(self, picture: Picture) -> SafeString | str:
        """The articles and commentators that show it."""
        articles = picturing.articles_with(picture).order_by("-pk")[: LISTED + 1]
        rows = [(reverse("admin:articles_article_change", args=[each.pk]), str(each)) for each in articles[:LISTED]]
        people = picturing.people_with(picture)
        rows += [(reverse("admin:articles_commentator_change", args=[each.pk]), each.name) for each in people[:LISTED]]
        if not rows:
            return _("nothing yet")
        return format_html("<ul>{}</ul>", format_html_join("", '<li><a href="{}">{}</a></li>', rows))

    @admin.display(description=gettext_lazy("file"))
    def facts(self, picture: Picture) -> str:
        """Size and origin."""
        by = picture.added_by.get_username() if picture.added_by else "—"
        size = f"{picture.file_width}×{picture.file_height}"
        return _("%(size)s pixels, added by %(name)s") % {"size": size, "name": by}


def _as_choice(picture: Picture) -> dict[str, str]:
    return {
        "file": str(picture.file),
        "thumbnail": thumbnail_url(picture),
        "alt": picture.alt,
        "credit": picture.credit,
        "label": "・".join(filter(None, (picture.alt, picture.credit))) or _("(no words yet)"),
    }


def thumbnail_url(picture: Picture) -> str:
    """The address of the smallest copy, or of the picture itself until there is one."""
    copy = smallest(picture.renditions)
    return default_storage.url(rendition_name(str(picture.file), *copy)) if copy else str(picture.file.url)
