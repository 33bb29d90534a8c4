"""The bench: how much a page costs beside a bare view of the same bytes, and how that grows with the archive.

`manage.py bench` (docs/performance.md) runs `run`, which knows no models: whatever needs the site's own code happens in
processes of their own (`inside`), each on the corpus that its environment names.
"""
