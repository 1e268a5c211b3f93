"""Tables of the numbers, which belong to no case and outlive every one; every column says why it may be read."""

from sqlalchemy import Table

from intake.store.schema.columns import metadata, random_id, sealed

# Without row ids, SQLite keeps the rows in the order of random keys: their order tells nothing of when they came.
ticks = Table("ticks", metadata, random_id("id", primary_key=True), sealed("sealed"), sqlite_with_rowid=False)
"""One more of something, minutes old; folded into `counters` and gone."""

counters = Table("counters", metadata, sealed("cell_hash", primary_key=True), sealed("sealed"), sqlite_with_rowid=False)
