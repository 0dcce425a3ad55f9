CREATE TABLE portal (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE object_types (ordinal INTEGER PRIMARY KEY, next_id INTEGER NOT NULL, definition TEXT);
CREATE TABLE property_definitions (
    type INTEGER NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL,
    PRIMARY KEY (type, name)) WITHOUT ROWID;
CREATE TABLE property_groups (
    type INTEGER NOT NULL, name TEXT NOT NULL, label TEXT NOT NULL, display_order INTEGER NOT NULL,
    archived INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (type, name)) WITHOUT ROWID;
CREATE TABLE records (
    key INTEGER PRIMARY KEY, type INTEGER NOT NULL, archived INTEGER NOT NULL, created INTEGER NOT NULL,
    updated INTEGER NOT NULL, archived_at INTEGER, properties TEXT NOT NULL);
CREATE TABLE search_records (
    key INTEGER PRIMARY KEY, type INTEGER NOT NULL, archived INTEGER NOT NULL, created INTEGER NOT NULL,
    updated INTEGER NOT NULL, archived_at INTEGER, properties TEXT NOT NULL);
CREATE TABLE search_queue (
    id INTEGER PRIMARY KEY, due INTEGER NOT NULL, key INTEGER NOT NULL, type INTEGER, archived INTEGER,
    created INTEGER, updated INTEGER, archived_at INTEGER, properties TEXT);
CREATE TABLE unique_values (
    type INTEGER NOT NULL, property TEXT NOT NULL, value TEXT NOT NULL, key INTEGER NOT NULL,
    PRIMARY KEY (type, property, value)) WITHOUT ROWID;
CREATE TABLE history (
    id INTEGER PRIMARY KEY, key INTEGER NOT NULL, property TEXT NOT NULL, at INTEGER NOT NULL,
    value TEXT NOT NULL, source_type TEXT NOT NULL, source_id TEXT NOT NULL, source_label TEXT NOT NULL);
CREATE TABLE aliases (old_key INTEGER PRIMARY KEY, key INTEGER NOT NULL);
CREATE TABLE blocked_emails (email TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE associations (
    from_key INTEGER NOT NULL, to_key INTEGER NOT NULL, category TEXT NOT NULL, type_id INTEGER NOT NULL,
    PRIMARY KEY (from_key, to_key, category, type_id)) WITHOUT ROWID;
CREATE TABLE association_labels (
    id INTEGER NOT NULL, from_type TEXT NOT NULL, to_type TEXT NOT NULL, inverse INTEGER NOT NULL, label TEXT,
    name TEXT NOT NULL, PRIMARY KEY (from_type, to_type, id)) WITHOUT ROWID;
CREATE TABLE owners (
    id INTEGER PRIMARY KEY, email TEXT, user_id INTEGER, archived INTEGER NOT NULL, definition TEXT NOT NULL);
CREATE TABLE pipelines (
    type INTEGER NOT NULL, id TEXT NOT NULL, position INTEGER NOT NULL, archived INTEGER NOT NULL,
    definition TEXT NOT NULL, PRIMARY KEY (type, id)) WITHOUT ROWID;
CREATE TABLE forms (
    position INTEGER PRIMARY KEY, guid TEXT NOT NULL UNIQUE, archived INTEGER NOT NULL,
    definition TEXT NOT NULL);
CREATE TABLE submissions (
    id INTEGER PRIMARY KEY, form TEXT NOT NULL, submitted_at INTEGER NOT NULL, conversion_id TEXT NOT NULL,
    fields TEXT NOT NULL, context TEXT NOT NULL);
CREATE TABLE visitors (hutk TEXT PRIMARY KEY, key INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE conversions (key INTEGER NOT NULL, form TEXT NOT NULL, PRIMARY KEY (key, form)) WITHOUT ROWID;
CREATE TABLE form_queue (id INTEGER PRIMARY KEY, due INTEGER NOT NULL, submission INTEGER NOT NULL);
