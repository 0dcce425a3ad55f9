-- Stands beside the table `records` so that searches in it are fast; the table `search_records` gets the same under its
-- own name.

-- The tokenizer leaves alone the characters that are not ASCII.
CREATE VIRTUAL TABLE records_words USING fts5(
    text, tokenize = 'ascii', prefix = '1 2 3', detail = none, columnsize = 0, content = '');
-- How many live records there are in each block of 1,024 keys.
CREATE TABLE records_blocks (block INTEGER PRIMARY KEY, live INTEGER NOT NULL);
