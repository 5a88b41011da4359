CREATE TABLE spend (id INTEGER PRIMARY KEY, amount REAL, currency TEXT, day DATE);
INSERT INTO spend VALUES (1, 1, 'EUR', '2024-01-01'), (2, 'n/a', 'EUR', '2024-01-02'), (3, 3, 'GBP', '2024-01-03'), (4, 4, 'O''Brien "é"', '2024-01-04'), (5, 5, 'EUR', '2024-02-30');
