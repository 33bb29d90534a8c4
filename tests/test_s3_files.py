"""Pictures in an S3-compatible store: kept once, copied, shown, deleted; and a store that is away loses nothing."""

import http.client
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from django.conf import LazySettings
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import Client
from moto.moto_server.threaded_moto_server import ThreadedMotoServer

from articles import background, drafting, picturing, publishing
from articles.document import Document, Section, Source
from articles.images import UnusablePicture
from articles.models import Picture
from articles.resizing import resize_rest
from newsdesk import s3_files
from newsdesk.s3_files import S3Files
from newsdesk.storage_url import storage_from_url
from tests.desk import editor, fields, signed_in
from tests.hosts import refusing, silent
from tests.newsroom import picture, published

BUCKET = "news-media"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """The port of a store on the loopback address."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    yield server.get_host_and_port()[1]
    server.stop()


@pytest.fixture
def names(port: int, settings: LazySettings) -> Iterator["Names"]:
    """The site keeps its pictures there, in an empty bucket."""
    public = f"http://127.0.0.1:{port}/{BUCKET}"
    url = f"s3://KEY:SEC%2FRET@127.0.0.1:{port}/{BUCKET}?region=ap-northeast-1&scheme=http&public={public}"
    settings.STORAGES = {**settings.STORAGES, "default": storage_from_url(url)}
    found = Names(port)
    found.client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "ap-northeast-1"})
    read = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{BUCKET}/*"}
    found.client.put_bucket_policy(Bucket=BUCKET, Policy=json.dumps({"Version": "2012-10-17", "Statement": [read]}))
    yield found
    for name in found():
        found.client.delete_object(Bucket=BUCKET, Key=name)
    found.client.delete_bucket(Bucket=BUCKET)


class Names:
    """What lies in the bucket, as the store itself tells."""

    def __init__(self, port: int) -> None:
        self.client = boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{port}",
            region_name="ap-northeast-1",
            aws_access_key_id="KEY",
            aws_secret_access_key="SEC/RET",
        )

    def __call__(self) -> list[str]:
        return [each["Key"] for each in self.client.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


def fetched(url: str) -> tuple[int, dict[str, str], bytes]:
    """What a reader gets from the public address of a file."""
    parts = urlsplit(url)
    assert parts.hostname == "127.0.0.1"
    asked = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    try:
        asked.request("GET", f"{parts.path}?{parts.query}")
        answer = asked.getresponse()
        return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
    finally:
        asked.close()


@pytest.mark.django_db
def test_a_picture_is_kept_once_copied_shown_and_deleted(
    names: Names, django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]]
) -> None:
    row = picturing.keep(picture("JPEG", (700, 400)), by=None, permission="own")
    again = picturing.keep(picture("JPEG", (700, 400)), by=None, permission="own")
    assert again.pk == row.pk, "equal content is one picture"
    assert names() == [str(row.file)]

    resize_rest(lambda: False)
    row.refresh_from_db()
    copies = [name for name in names() if name != str(row.file)]
    assert {name.rpartition(".")[2] for name in copies} == {"avif", "webp", "jpg"}
    before = names()
    resize_rest(lambda: False)
    assert names() == before, "what is there is not made again"

    url = row.file.url
    status, headers, body = fetched(url)
    assert (status, body[:2]) == (200, b"\xff\xd8")
    assert headers["content-type"] == "image/jpeg"
    assert headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "Signature" not in row.file.url, "an address that can be cached for good"

    with transaction.atomic(), django_capture_on_commit_callbacks(execute=True):
        picturing.remove(row, by=None)
    assert names() == [], "with its copies"
    assert fetched(url)[0] in (403, 404)


@pytest.mark.django_db
def test_a_page_shows_pictures_by_their_public_address(names: Names, port: int) -> None:
    row = picturing.keep(picture("JPEG", (700, 400)), by=None, permission="own")
    source = Source(caption="市の発表", image=str(row.file), image_credit="港日報")
    article = drafting.create(
        Document(title="港はいつ開く？", lead="近い。", sections=(Section("港", sources=(source,)),))
    )
    edition = publishing.publish(publishing.save(article, by=None), by=None, despite_findings=True)
    page = Client().get(edition.get_absolute_url()).content.decode()
    assert f'src="http://127.0.0.1:{port}/{BUCKET}/{row.file}"' in page


@pytest.fixture(params=[refusing, silent])
def away(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """The setting of a store that does not answer, and is waited for less than on a site."""
    monkeypatch.setattr(s3_files, "PATIENT", s3_files.PATIENT.merge(Config(read_timeout=0.2)))
    with request.param() as port:
        public = f"http://127.0.0.1:{port}"
        yield storage_from_url(f"s3://KEY:SECRET@127.0.0.1:{port}/{BUCKET}?scheme=http&region=x&public={public}")


@pytest.mark.django_db
def test_a_store_that_is_away_is_told_to_the_editor_and_keeps_nothing(
    away: dict[str, Any], settings: LazySettings
) -> None:
    settings.STORAGES = {**settings.STORAGES, "default": away}
    with pytest.raises(UnusablePicture):
        picturing.keep(picture(), by=None, permission="own")
    assert not Picture.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_without_the_store_articles_are_read_written_and_published(
    names: Names, away: dict[str, Any], settings: LazySettings
) -> None:
    """Pictures are only named on pages, and copies that were to be made are made when it is back."""
    there = settings.STORAGES["default"]
    row = picturing.keep(picture("JPEG", (700, 400)), by=None, permission="own")
    source = Source(caption="市の発表", image=str(row.file), image_credit="港日報")
    edition = published(sections=(Section("港", sources=(source,)),))

    settings.STORAGES = {**settings.STORAGES, "default": away}
    desk, form_of = signed_in(editor()), f"/admin/articles/article/{edition.article_id}/change/"
    form = {**fields(desk.get(form_of)), "title": "港は春に開く？"}
    assert desk.post(form_of, form).status_code == 302
    publishing.publish(edition.article.editions.latest("number"), by=None, despite_findings=True)
    for address in (edition.get_absolute_url(), "/", "/feeds/rss.xml", "/feeds/feed.json"):
        page = Client().get(address)
        assert page.status_code == 200
        assert "港は春に開く？" in page.content.decode().replace("<wbr>", "")
    background.tick()
    assert background.failed_sweeps().filter(name="articles.resizing.resize_rest").exists()
    assert Client().get("/readyz").json()["wrong"] == []

    settings.STORAGES = {**settings.STORAGES, "default": there}
    resize_rest(lambda: False)
    row.refresh_from_db()
    assert row.renditions


def test_a_bucket_that_is_missing_is_an_error_of_files(port: int, settings: LazySettings) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": storage_from_url(f"s3://KEY:SECRET@127.0.0.1:{port}/nowhere?scheme=http&region=x"),
    }
    for asked in (lambda: default_storage.open("a.png"), lambda: default_storage.listdir("pictures")):
        with pytest.raises(OSError, match=r"."):
            asked()


def test_nobody_waits_long_for_a_store_that_hangs() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        storage = S3Files(
            **storage_from_url(f"s3://K:S@127.0.0.1:{listening.getsockname()[1]}/b?scheme=http")["OPTIONS"]
        )
    assert (storage.client_config.connect_timeout, storage.client_config.read_timeout) == (3, 20)
    assert storage.client_config.retries["total_max_attempts"] == 2
