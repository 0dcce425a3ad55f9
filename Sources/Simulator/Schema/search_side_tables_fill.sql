-- Makes the side tables of search_side_tables.sql equal to the records that the table holds.
INSERT INTO records_words (records_words) VALUES ('delete-all');
DELETE FROM records_blocks;
INSERT INTO records_words (rowid, text) SELECT key, hs_words(type, properties) FROM records WHERE archived = 0;
INSERT INTO records_blocks SELECT key >> 10, count(*) FROM records WHERE archived = 0 GROUP BY 1;
