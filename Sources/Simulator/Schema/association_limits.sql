CREATE TABLE IF NOT EXISTS association_limits (
    from_type TEXT NOT NULL, to_type TEXT NOT NULL, category TEXT NOT NULL, type_id INTEGER NOT NULL,
    maximum INTEGER NOT NULL, PRIMARY KEY (from_type, to_type, category, type_id)) WITHOUT ROWID;
