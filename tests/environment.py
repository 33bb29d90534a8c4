"""The environment every test runs in, whatever the machine's own .env says; loaded before the settings are.

DATABASE_URL and CACHE_URL are left to whoever runs the tests: the same suite runs on SQLite and on PostgreSQL.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsdesk.settings")
os.environ.update(
    {
        "SECRET_KEY": "for-tests-only",
        "DEBUG": "0",
        "SITE_URL": "http://news.example",
        "SITE_NAME": "試験新聞",
        "SITE_DESCRIPTION": "試験のための新聞です。",
        "ALLOWED_HOSTS": "news.example,testserver,localhost,127.0.0.1",
        "PAGE_STORE_FILE": "",  # tests of it have one each
        # Playwright runs an event loop in the test's thread; Django would refuse its database there.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "1",
    }
)
