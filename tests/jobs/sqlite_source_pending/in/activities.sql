CREATE TABLE activities (id INTEGER PRIMARY KEY, amount DECIMAL(9,2), currency TEXT, note INTEGER);
INSERT INTO activities VALUES (1, 10, 'EUR', NULL), (2, 20.5, 'USD', NULL), (3, 30, 'XXX', NULL), (4, 40, 'EUR', 'not a number');
