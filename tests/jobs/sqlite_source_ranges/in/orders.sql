CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT, amount DECIMAL(9,2), day DATE, at TIMESTAMP);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
INSERT INTO orders SELECT i * 3, 'customer ' || (i % 7), i * 1.25, date('2024-01-01', '+' || i || ' days'),
                          datetime('2024-01-01', '+' || i || ' hours') FROM n;
