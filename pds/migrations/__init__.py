"""The tables, step by step. `tortoise -c pds.store.database.TORTOISE makemigrations` writes the next step; then by hand:

* delete every `table_description` and `AlterModelOptions` that it made of a docstring: they change no table, and a
  semicolon in one breaks the statement on SQLite;
* a key with `generated=False` loses that word: write it again;
* `RemoveField` and `AlterField` rebuild the table on SQLite, and rows that refer to it are deleted in cascade: write
  `ALTER TABLE … DROP COLUMN` instead.
"""
