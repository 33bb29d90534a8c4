"""Search in Japanese: parts of live articles, found by what stands in them.

`words.py` cuts text into what an index holds, `queries.py` reads what somebody typed, `index.py` is the index on either
database, `marking.py` shows where the words stand, `finding.py` puts it together for the page.
"""
