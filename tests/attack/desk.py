"""Kinds 125 to 140: what editors, and those who are none, do at the desk that nobody planned."""

from concurrent.futures import ThreadPoolExecutor

from tests.attack.kinds import REFUSED, SOUND, Target, Tries, judged, kind
from tests.desk import fields
from tests.drills.people import Browser

LIST = "/admin/articles/article/"
IMPORTS = """
from django.contrib.auth.models import User
from articles import sharing
from articles.models import Article, DraftLink, Edition, Section
"""
DRAFT = """
from articles.document import Document, Section
sections = (Section(heading="港", body="本文。"),)
article = drafting.create(Document(title="{title}", lead="下書きの話。", sections=sections))
publishing.save(article, by=None)
print(article.pk)
"""


def _draft(target: Target, title: str = "机の上の下書き") -> str:
    return f"{LIST}{_does(target, DRAFT.format(title=title))}/change/"


def _form(browser: Browser, address: str) -> dict[str, str]:
    """What the form of an article would send; the dialog beside it, in which one signs in again, is another form."""
    found = fields(browser.ask("GET", address))
    return {name: value for name, value in found.items() if name not in ("username", "password")}


def _does(target: Target, code: str) -> str:
    """What another process says that does this with the newsroom."""
    return target.site.does(IMPORTS + code)


def _pk(address: str) -> str:
    return address.split("/")[-3]


def _title(target: Target, address: str) -> str:
    return _does(target, f"print(*Article.objects.filter(pk={_pk(address)}).values_list('title', flat=True))")


def _kept(answer_status: int, content: bytes, text: str) -> str:
    """Whether what was typed stands in the answer, or was saved."""
    if answer_status >= 500:
        return f"status {answer_status}"
    return SOUND if answer_status == 302 or text in content.decode() else "what was typed is lost"


def _colleague(target: Target, name: str, *, superuser: bool = False) -> Browser:
    """Somebody else at the desk, without a role unless a superuser."""
    browser = Browser(target.port)
    make = "create_superuser" if superuser else "create_user"
    _does(target, f"User.objects.{make}('{name}', '', 'for-attacks-{name}', is_staff=True)")
    form = fields(browser.ask("GET", "/admin/login/"))
    answer = browser.post("/admin/login/", {**form, "username": name, "password": f"for-attacks-{name}"})
    assert answer.status == 302, answer.content.decode()
    return browser


@kind(125, "two editors, one article")
def two_editors(target: Target) -> Tries:
    first, second, address = target.browsers["editor"], _colleague(target, "second", superuser=True), _draft(target)
    mine, theirs = _form(first, address), _form(second, address)
    assert first.post(address, {**mine, "title": "私の題"}).status == 302
    answer = second.post(address, {**theirs, "title": "同僚の題"})
    yield "overwritten in silence" if answer.status == 302 else _kept(answer.status, answer.content, "同僚の題")
    yield SOUND if _title(target, address) == "私の題" else "the first save is lost"


@kind(126, "an article that is deleted while it is edited")
def deleted(target: Target) -> Tries:
    browser, address = target.browsers["editor"], _draft(target)
    form = _form(browser, address)
    _does(target, f"Article.objects.filter(pk={_pk(address)}).delete()")
    answer = browser.post(address, {**form, "title": "消えない題"})
    yield _kept(answer.status, answer.content, "消えない題")


@kind(127, "an article that is published while it is edited")
def published(target: Target) -> Tries:
    browser, address = target.browsers["editor"], _draft(target)
    form = _form(browser, address)
    _does(target, f"publishing.publish(Edition.objects.get(article={_pk(address)}), by=None, despite_findings=True)")
    answer = browser.post(address, {**form, "title": "公開中に打った題"})
    yield _kept(answer.status, answer.content, "公開中に打った題")
    shown = target.browsers["anonymous"].ask("GET", f"/articles/{_pk(address)}/").content.decode()
    yield "shown before it was published" if "公開中に打った題" in shown.replace("<wbr>", "") else SOUND


@kind(128, "one form sent twenty times")
def twenty(target: Target) -> Tries:
    browser = target.browsers["editor"]
    form = {**fields(browser.ask("GET", f"{LIST}add/")), "title": "二十回送る題"}
    with ThreadPoolExecutor(20) as senders:
        statuses = [
            each.status
            for each in senders.map(
                lambda _: Browser(target.port, dict(browser.cookies)).post(f"{LIST}add/", form), range(20)
            )
        ]
    yield from (f"status {status}" if status >= 500 and status != 503 else SOUND for status in statuses)
    made = _does(target, "print(Article.objects.filter(title='二十回送る題').count())")
    yield SOUND if made == "1" else f"made {made}"


@kind(129, "a session that ends while somebody types")
def session_ends(target: Target) -> Tries:
    browser, address = _colleague(target, "sleeper", superuser=True), _draft(target)
    form = _form(browser, address)
    browser.cookies.pop("sessionid")
    answer = browser.post(address, {**form, "title": "眠る前の題"})
    yield _kept(answer.status, answer.content, "眠る前の題") if answer.status != 302 else "sent to the login, and lost"


@kind(130, "a token of forms that is another by now")
def token(target: Target) -> Tries:
    browser, address = _colleague(target, "rotated", superuser=True), _draft(target)
    form = _form(browser, address)
    for spoiled in ("a" * 32, "", "x"):
        answer = browser.post(address, {**form, "csrfmiddlewaretoken": spoiled, "title": "札の違う題"})
        yield "taken" if answer.status == 302 else _kept(answer.status, answer.content, "札の違う題")


@kind(131, "addresses of the desk, by those who may not")
def not_theirs(target: Target) -> Tries:
    address = _draft(target)
    target.browsers["nobody"] = nobody = _colleague(target, "nobody")
    screens = [
        f"{LIST}{_pk(address)}/{name}/"
        for name in ("change", "delete", "history", "publish", "compare", "preview", "text")
    ]
    screens += [
        f"/admin/{name}/"
        for name in ("auth/user", "auth/group", "articles/picture", "articles/event", "articles/address", "sites/site")
    ]
    for screen in (*screens, LIST, f"{LIST}add/", f"{LIST}import/"):
        for browser in (target.browsers["anonymous"], nobody):
            answer = browser.ask("GET", screen)
            leaks = "机の上の下書き" in answer.content.decode()
            yield (
                f"{screen} is shown"
                if answer.status == 200 or leaks
                else REFUSED
                if answer.status < 500
                else f"status {answer.status}"
            )


@kind(132, "fields that a form does not have")
def more_fields(target: Target) -> Tries:
    browser, address = target.browsers["editor"], _draft(target)
    form = _form(browser, address)
    more = {"status": "published", "stage": "approved", "published_at": "2020-01-01", "live_from": "2020-01-01"}
    more |= {"is_staff": "1", "author": "1", "created_by": "1", "version": "99", "uid": "x", "id": "1", "pk": "1"}
    before = _does(target, f"a = Article.objects.get(pk={_pk(address)}); print(a.created_by_id, a.stage, a.pk)")
    answer = browser.post(address, {**more, **form, "title": "余計な欄の題"})
    after = _does(target, f"a = Article.objects.get(pk={_pk(address)}); print(a.created_by_id, a.stage, a.pk)")
    yield (
        f"status {answer.status}" if answer.status >= 500 else SOUND if before == after else f"{before} became {after}"
    )
    status = target.browsers["anonymous"].ask("GET", f"/articles/{_pk(address)}/").status
    yield SOUND if status == 404 else f"it is shown ({status})"


@kind(133, "rows of another article")
def others_rows(target: Target) -> Tries:
    browser, address, other = target.browsers["editor"], _draft(target), _draft(target, "よその記事")
    row = _does(target, f"print(Section.objects.get(article={_pk(other)}).pk)")
    form = _form(browser, address)
    stolen = {name: row if name == "sections-0-id" else value for name, value in form.items()}
    stolen["sections-0-heading"] = "奪った見出し"
    answer = browser.post(address, stolen)
    heading = _does(target, f"print(Section.objects.get(pk={row}).heading)")
    yield (
        f"status {answer.status}"
        if answer.status >= 500
        else SOUND
        if heading == "港"
        else "another's section was changed"
    )


@kind(134, "actions on what is not in the list")
def actions(target: Target) -> Tries:
    browser = target.browsers["editor"]
    page = fields(browser.ask("GET", LIST))
    for action in ("publish_selected", "withdraw_selected", "delete_selected", "nothing", "", "__class__"):
        for chosen in ("999999", "x", "-1", "9" * 40, "1 OR 1=1", "\x00"):
            answer = browser.post(LIST, {**page, "action": action, "_selected_action": chosen, "apply": "1"})
            yield judged(answer.status)


@kind(135, "a list that is saved as if it were a form")
def list_as_form(target: Target) -> Tries:
    browser, address = target.browsers["editor"], _draft(target)
    page = fields(browser.ask("GET", LIST))
    for count in ("1", "99999999", "x", ""):
        rows = {
            "form-TOTAL_FORMS": count,
            "form-INITIAL_FORMS": "1",
            "form-0-id": _pk(address),
            "form-0-title": "一覧から",
            "_save": "1",
        }
        yield judged(browser.post(LIST, {**page, **rows}).status)
    yield SOUND if _title(target, address) == "机の上の下書き" else "the list changed a title"


@kind(136, "thousands of rows in one form")
def many_rows(target: Target) -> Tries:
    browser, address = target.browsers["editor"], _draft(target)
    form = _form(browser, address)
    for total in ("1001", "99999999", "-1", "x", "", "９"):
        answer = browser.post(address, {**form, "sections-TOTAL_FORMS": total, "title": "多すぎる題"})
        yield judged(answer.status)
    yield judged(browser.post(address, {**form, **{f"sections-{n}-heading": "a" for n in range(25_000)}}).status)


@kind(137, "the history of what is not theirs")
def others_history(target: Target) -> Tries:
    nobody, address = target.browsers.get("nobody") or _colleague(target, "historian"), _draft(target)
    for name in ("history", "compare", "compare/?old=1&new=2"):
        for browser in (nobody, target.browsers["anonymous"]):
            answer = browser.ask("GET", f"{LIST}{_pk(address)}/{name}" + ("" if "?" in name else "/"))
            yield "shown" if answer.status == 200 or "下書きの話" in answer.content.decode() else REFUSED


@kind(138, "confirmations that name what is hidden")
def confirmations(target: Target) -> Tries:
    nobody, address = target.browsers.get("nobody") or _colleague(target, "deleter"), _draft(target)
    page = nobody.ask("GET", f"{LIST}{_pk(address)}/delete/")
    yield "named" if "机の上の下書き" in page.content.decode() else REFUSED
    token_of = nobody.cookies["csrftoken"]
    answer = nobody.post(
        LIST, {"csrfmiddlewaretoken": token_of, "action": "delete_selected", "_selected_action": _pk(address)}
    )
    yield "named" if "机の上の下書き" in answer.content.decode() else REFUSED
    yield SOUND if _title(target, address) else "deleted"


@kind(139, "a role that is taken away while somebody is signed in")
def role_taken(target: Target) -> Tries:
    browser, address = _colleague(target, "leaving", superuser=True), _draft(target)
    form = _form(browser, address)
    _does(target, "User.objects.filter(username='leaving').update(is_superuser=False)")
    answer = browser.post(address, {**form, "title": "辞めた人の題"})
    yield (
        "still taken"
        if _title(target, address) == "辞めた人の題"
        else REFUSED
        if answer.status < 500
        else f"status {answer.status}"
    )
    yield "still shown" if browser.ask("GET", address).status == 200 else REFUSED
    _does(target, "User.objects.filter(username='leaving').update(is_active=False)")
    yield "still in" if browser.ask("GET", "/admin/").status == 200 else REFUSED


SHARE = """
link = sharing.share(Edition.objects.get(article={pk}), by=None)
print(link.get_absolute_url())
"""


@kind(140, "a link to a draft that is used again, changed or taken back")
def links(target: Target) -> Tries:
    reader, address = target.browsers["anonymous"], _draft(target)
    link = _does(target, SHARE.format(pk=_pk(address)))
    yield SOUND if reader.ask("GET", link).status == 200 else "a good link is refused"
    for spoiled in (
        link[:-2] + "/",
        link.replace(":", ";", 1),
        link[: len(link) // 2] + "/",
        "/drafts/x/",
        f"/drafts/{_pk(address)}/",
    ):
        yield judged(reader.ask("GET", spoiled).status) if spoiled != link else SOUND
    _does(target, "[sharing.revoke(each, by=None) for each in DraftLink.objects.all()]")
    answer = reader.ask("GET", link)
    yield "still shown" if "下書きの話" in answer.content.decode() else REFUSED
