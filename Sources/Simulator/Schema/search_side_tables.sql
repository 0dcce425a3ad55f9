-- Stands beside the table `records` so that searches in it are fast; the table `search_records` gets the same under its
-- own name. `hs_words` is the simulator's: the words of a record, in lower case with blanks between them.

-- The tokenizer leaves alone the characters that are not ASCII.
CREATE VIRTUAL TABLE records_words USING fts5(
    text, tokenize = 'ascii', prefix = '1 2 3', detail = none, columnsize = 0, content = '');
-- How many live records there are in each block of 1,024 keys.
CREATE TABLE records_blocks (block INTEGER PRIMARY KEY, live INTEGER NOT NULL);

CREATE TRIGGER records_made AFTER INSERT ON records WHEN new.archived = 0 BEGIN
    INSERT INTO records_blocks VALUES (new.key >> 10, 1) ON CONFLICT (block) DO UPDATE SET live = live + 1;
    INSERT INTO records_words (rowid, text) VALUES (new.key, hs_words(new.type, new.properties));
END;
CREATE TRIGGER records_erased AFTER DELETE ON records WHEN old.archived = 0 BEGIN
    UPDATE records_blocks SET live = live - 1 WHERE block = old.key >> 10;
    INSERT INTO records_words (records_words, rowid, text)
        VALUES ('delete', old.key, hs_words(old.type, old.properties));
END;
CREATE TRIGGER records_archived AFTER UPDATE OF archived ON records WHEN old.archived = 0 AND new.archived = 1 BEGIN
    UPDATE records_blocks SET live = live - 1 WHERE block = old.key >> 10;
    INSERT INTO records_words (records_words, rowid, text)
        VALUES ('delete', old.key, hs_words(old.type, old.properties));
END;
CREATE TRIGGER records_restored AFTER UPDATE OF archived ON records WHEN old.archived = 1 AND new.archived = 0 BEGIN
    INSERT INTO records_blocks VALUES (new.key >> 10, 1) ON CONFLICT (block) DO UPDATE SET live = live + 1;
    INSERT INTO records_words (rowid, text) VALUES (new.key, hs_words(new.type, new.properties));
END;
CREATE TRIGGER records_changed AFTER UPDATE OF properties ON records
    WHEN old.archived = 0 AND new.archived = 0
        AND hs_words(old.type, old.properties) != hs_words(new.type, new.properties) BEGIN
    INSERT INTO records_words (records_words, rowid, text)
        VALUES ('delete', old.key, hs_words(old.type, old.properties));
    INSERT INTO records_words (rowid, text) VALUES (new.key, hs_words(new.type, new.properties));
END;
