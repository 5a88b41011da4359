CREATE TABLE factors (activity_code TEXT PRIMARY KEY NOT NULL, value REAL, unit TEXT, "set" TEXT, set_version TEXT, boundary TEXT,
                      checked DATE);
INSERT INTO factors VALUES ('111', 0.1, 'kgCO2e/USD', 'own', '1', 'cradle_to_gate', 'never'),
                           ('222', 0.2, 'kgCO2e/USD', 'own', '1', 'cradle_to_gate', 19000);
CREATE TABLE spend (id INTEGER PRIMARY KEY, spend DECIMAL(9,2), code TEXT, approved DATE);
INSERT INTO spend VALUES (1, 100, '111', 'not yet'), (2, 200.5, '222', NULL), (3, 300, '333', 7);
