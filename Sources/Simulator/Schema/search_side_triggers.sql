-- Keep the side tables equal to the table `records`: the counts at once, the words at the end of a write's transaction
-- (search_side_words.sql). FTS5 writes out what it has so far at every statement that has a trigger in it, so a batch of a
-- hundred records would have it do so a hundred times.
-- `hs_words` is the simulator's: the words of a record, in lower case with blanks between them.
DROP TRIGGER IF EXISTS records_made;
DROP TRIGGER IF EXISTS records_erased;
DROP TRIGGER IF EXISTS records_archived;
DROP TRIGGER IF EXISTS records_restored;
DROP TRIGGER IF EXISTS records_changed;

-- The records that this transaction has changed: their words before it and now, null where there are none.
CREATE TABLE IF NOT EXISTS records_reworded (key INTEGER PRIMARY KEY, old TEXT, new TEXT);

CREATE TRIGGER records_made AFTER INSERT ON records WHEN new.archived = 0 BEGIN
    INSERT INTO records_blocks VALUES (new.key >> 10, 1) ON CONFLICT (block) DO UPDATE SET live = live + 1;
    INSERT INTO records_reworded VALUES (new.key, NULL, hs_words(new.type, new.properties))
        ON CONFLICT (key) DO UPDATE SET new = excluded.new;
END;
CREATE TRIGGER records_erased AFTER DELETE ON records WHEN old.archived = 0 BEGIN
    UPDATE records_blocks SET live = live - 1 WHERE block = old.key >> 10;
    INSERT INTO records_reworded VALUES (old.key, hs_words(old.type, old.properties), NULL)
        ON CONFLICT (key) DO UPDATE SET new = NULL;
END;
CREATE TRIGGER records_archived AFTER UPDATE OF archived ON records WHEN old.archived = 0 AND new.archived = 1 BEGIN
    UPDATE records_blocks SET live = live - 1 WHERE block = old.key >> 10;
    INSERT INTO records_reworded VALUES (old.key, hs_words(old.type, old.properties), NULL)
        ON CONFLICT (key) DO UPDATE SET new = NULL;
END;
CREATE TRIGGER records_restored AFTER UPDATE OF archived ON records WHEN old.archived = 1 AND new.archived = 0 BEGIN
    INSERT INTO records_blocks VALUES (new.key >> 10, 1) ON CONFLICT (block) DO UPDATE SET live = live + 1;
    INSERT INTO records_reworded VALUES (new.key, NULL, hs_words(new.type, new.properties))
        ON CONFLICT (key) DO UPDATE SET new = excluded.new;
END;
CREATE TRIGGER records_changed AFTER UPDATE OF properties ON records WHEN old.archived = 0 AND new.archived = 0 BEGIN
    INSERT INTO records_reworded VALUES (
            new.key, hs_words(old.type, old.properties), hs_words(new.type, new.properties))
        ON CONFLICT (key) DO UPDATE SET new = excluded.new;
END;
