"""Believable articles by the thousand, made up from a seed: for measuring and for trying out a large archive.

Every place, person, paper and event in them is invented. The same number always gives the same article, whatever
was asked for before, so two databases of different size share their first articles.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from random import Random
from typing import Any

TOKYO = timezone(timedelta(hours=9))
FIRST = datetime(2010, 4, 1, 6, 0, tzinfo=TOKYO)

_TOWNS = [
    a + b for a in ("汐", "風", "月", "霧", "星", "桐", "柚", "沢") for b in ("見市", "待町", "浦村", "ヶ丘市", "原町")
]
_PEOPLE = ["白浜ことは", "灘みなと", "岬わたる", "椿野はる", "瀬戸口りん"]
_PAPERS = ["汐見日日", "霧の海タイムズ", "月待通信", "風ヶ丘放送", "半島経済新報"]
_SUBJECTS = [
    "渡船",
    "給食",
    "図書館",
    "防潮堤",
    "朝市",
    "路面電車",
    "灯台",
    "港の再整備",
    "空き家",
    "小学校の統合",
    "上水道",
    "花火大会",
]
_ACTS = ["再開", "縮小", "有料化", "延期", "新設", "見直し", "移転", "試験導入"]
_TAGS = (
    [f"{town}" for town in _TOWNS]
    + _SUBJECTS
    + ["交通", "教育", "防災", "観光", "財政", "環境", "漁業", "AI", "議会", "子育て"]
)
_REPORT = [
    "{town}は{day}日、{subject}の{act}を決めたと発表した。",
    "計画では{year}年度から{number}か所で始め、費用は約{number}億円を見込む。",
    "住民説明会には{number}0人が集まり、{subject}の先行きについて{number}件の質問が出た。",
    "{person}委員長は「数字だけで決めたのではない。暮らしの足を守るための{act}だ」と述べた。",
    "一方、対岸の{other}では同じ試みが{number}年前に行われ、利用が{number}割減ったという調べもある。",
    "市の試算によると、いまのままでは{year}年度に{number}億円の不足が生じるという。",
    "担当課は、{other}との協議を続けながら、{day}日までに結論をまとめるとしている。",
]
_POINTS = [
    "{subject}の{act}は{year}年度から{number}か所で始まる",
    "費用は約{number}億円で、半分を{town}が負担する",
    "{other}との協議は{day}日に開かれ、結論は持ち越された",
    "利用者の{number}割が{act}に賛成したという調べがある",
    "反対の署名は{number}千人分に達し、議会に届けられた",
]
_VOICES = [
    "{subject}の話は、暮らしのすぐ隣にある話ですね。",
    "{town}の決断が、まわりの町にどう伝わるのか気になります。",
    "数字の裏にある{number}年の積み重ねを、忘れずにいたいと思います。",
    "次の説明会では、若い人の声も聞けるとうれしいですね。",
]


def documents(count: int, start: int = 0) -> Iterator[dict[str, Any]]:
    """`count` articles from number `start` on, as `import_documents` reads them; about 2,400 characters each."""
    return (document(number) for number in range(start, start + count))


def document(number: int) -> dict[str, Any]:
    """Article number `number` in the JSON form of a Document, with `published_at` (ISO 8601, six an hour)."""
    writer = _Writer(number)
    subject, act, town = writer.facts["subject"], writer.facts["act"], writer.facts["town"]
    return {
        "schema": 1,
        "title": f"{town}の{subject}、{act}で何が変わる？（第{number + 1}報）",
        "lead_heading": f"{subject}の{act}をめぐる{town}の動き",
        "lead": writer.text(_REPORT, 4),
        "sections": [writer.section() for _ in range(3)],
        "closing": [writer.comment(2)],
        "takeaways": [writer.one(_POINTS) for _ in range(3)],
        "tags": writer.tags(),
        "published_at": (FIRST + timedelta(minutes=10 * number)).isoformat(),
    }


class _Writer:
    """Writes one article; what it is about stays the same from its first line to its last."""

    def __init__(self, number: int) -> None:
        self.random = Random(number)  # noqa: S311  # nothing secret is made of it
        self.facts = {
            "town": self.random.choice(_TOWNS),
            "subject": self.random.choice(_SUBJECTS),
            "act": self.random.choice(_ACTS),
        }

    def one(self, phrases: list[str]) -> str:
        random = self.random
        return random.choice(phrases).format(
            **self.facts,
            other=random.choice(_TOWNS),
            person=random.choice(_PEOPLE),
            day=random.randint(1, 28),
            year=random.randint(2011, 2029),
            number=random.randint(2, 9),
        )

    def text(self, phrases: list[str], count: int) -> str:
        return "".join(self.one(phrases) for _ in range(count))

    def comment(self, count: int) -> dict[str, str]:
        return {"commentator": self.random.choice(_PEOPLE), "text": self.text(_VOICES, count)}

    def section(self) -> dict[str, Any]:
        return {
            "heading": self.one(
                ["{subject}の{act}、その背景", "{town}と{other}のこれから", "{year}年度に向けた{subject}の課題"]
            ),
            "question": self.one(["なぜ{act}なのか？", "{town}の負担は？", "いつから変わる？"]),
            "answer": self.one(_POINTS),
            "sources": [self.source()],
            "opening": [self.comment(2)],
            "body": "\n".join(self.text(_REPORT, 4) for _ in range(3)),
            "closing": [self.comment(1)],
        }

    def source(self) -> dict[str, Any]:
        return {
            "caption": self.one(["{town}、{subject}の{act}を発表", "{subject}の{act}に{number}割が賛成"]),
            "url": f"https://news.example/{self.random.randint(10_000_000, 99_999_999)}",
            "site_name": self.random.choice(_PAPERS),
            "published_on": (FIRST + timedelta(days=self.random.randint(0, 5_000))).date().isoformat(),
            "key_points": [self.one(_POINTS) for _ in range(3)],
            "image": "",
            "image_credit": "",
        }

    def tags(self) -> list[str]:
        """Two to four, the first ones of the list far more often than the last, as in a real newsroom."""
        wanted = self.random.randint(2, 4)
        tags: dict[str, None] = {}
        while len(tags) < wanted:
            tags[_TAGS[int(len(_TAGS) * self.random.random() ** 2)]] = None
        return list(tags)
