CREATE TABLE prices (id INTEGER PRIMARY KEY, price REAL, updated_at TIMESTAMP NOT NULL);
CREATE INDEX prices_updated_at ON prices (updated_at, id);
INSERT INTO prices VALUES (1, 1.5, '2024-01-01 10:00:00'), (2, 2.5, '2024-01-01 09:00:00'), (3, 3.5, '2024-01-01 10:00:00');
