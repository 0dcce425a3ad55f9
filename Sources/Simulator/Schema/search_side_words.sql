-- Brings the words of the records that a transaction has changed into the index, in two statements for all of them.
INSERT INTO records_words (records_words, rowid, text)
    SELECT 'delete', key, old FROM records_reworded WHERE old IS NOT NULL AND old IS NOT new;
INSERT INTO records_words (rowid, text)
    SELECT key, new FROM records_reworded WHERE new IS NOT NULL AND old IS NOT new;
DELETE FROM records_reworded;
