CREATE TABLE indexed (id INTEGER PRIMARY KEY, name TEXT, boss INTEGER);
CREATE UNIQUE INDEX names ON indexed (name);
INSERT INTO indexed VALUES (9, 'old', 9);
CREATE TABLE guarded (id INTEGER PRIMARY KEY, name TEXT, boss INTEGER);
CREATE TRIGGER no_bob BEFORE INSERT ON guarded WHEN new.name = 'bob' BEGIN SELECT RAISE(ABORT, 'bob is not taken'); END;
CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, boss INTEGER REFERENCES people (id));
INSERT INTO people VALUES (7, 'old', 7);
