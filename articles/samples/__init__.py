"""The sample newsroom: fourteen articles about an invented prefecture, three commentators, and their pictures.

    manuscripts/    the articles in the house layout; also golden input of the importer's tests
    newsroom.toml   the commentators, the pictures' alternative texts, and what becomes of each manuscript
    newsroom.py     reads newsroom.toml
    pictures.py     draws all pictures: upland, seaside, ashore, town and portraits on a canvas
    loading.py      brings it all into the database; `manage.py load_samples`

Every place, person, organisation and paper in it is invented.
"""
