CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT, amount REAL, shape GEOMETRY);
INSERT INTO orders VALUES (1, 'a', 1.5, NULL), (2, 'a', 2.5, NULL), (3, NULL, 3.5, NULL);
