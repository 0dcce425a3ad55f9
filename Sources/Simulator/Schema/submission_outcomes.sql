CREATE TABLE IF NOT EXISTS submission_outcomes (submission INTEGER PRIMARY KEY, ignored TEXT NOT NULL);
