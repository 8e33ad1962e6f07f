-- A database that has what backups trip over; :rows sets its size.
CREATE EXTENSION hstore;
CREATE EXTENSION citext;
CREATE EXTENSION btree_gist;
CREATE ROLE auditor;
CREATE ROLE reporter;

CREATE SCHEMA "Größe 尺寸";
CREATE TYPE "Größe 尺寸"."Zustand" AS ENUM ('neu', 'für später', '完了');
CREATE DOMAIN positive AS integer CHECK (value > 0);
CREATE TYPE address AS (street text, number positive);

-- The bulk: text that compresses as text does, generated and identity columns, an index on an expression.
CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  placed timestamptz NOT NULL,
  customer citext NOT NULL,
  note text,
  tags hstore,
  details jsonb,
  net numeric(12, 2) NOT NULL,
  gross numeric(12, 2) GENERATED ALWAYS AS (round(net * 1.19, 2)) STORED
);
INSERT INTO orders (placed, customer, note, tags, details, net)
SELECT timestamptz '2025-01-01 00:00Z' + n * interval '1 minute', 'Kunde ' || n % 1000,
  md5(n::text) || ' größer als ' || md5((n * 7)::text), hstore('n', (n % 10)::text),
  jsonb_build_object('n', n % 100, 'path', ARRAY['a', 'b']), n % 10000 / 100.0
FROM generate_series(1, :rows) AS n;
CREATE INDEX orders_by_customer ON orders (lower(customer::text)) WHERE net > 50;

-- Partitions of partitions, one by default.
CREATE TABLE events (at date NOT NULL, kind text NOT NULL, body text) PARTITION BY RANGE (at);
CREATE TABLE events_2025 PARTITION OF events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')
  PARTITION BY LIST (kind);
CREATE TABLE events_2025_login PARTITION OF events_2025 FOR VALUES IN ('login');
CREATE TABLE events_2025_other PARTITION OF events_2025 DEFAULT;
CREATE TABLE events_later PARTITION OF events DEFAULT;
CREATE INDEX ON events (at);
INSERT INTO events
SELECT date '2025-06-01' + n % 400, CASE n % 3 WHEN 0 THEN 'login' ELSE 'other' END, repeat('x', n % 50)
FROM generate_series(1, 5000) AS n;

-- A cycle of foreign keys, one that refers to itself, and what only a constraint of several columns knows.
CREATE TABLE teams (id integer PRIMARY KEY, lead integer);
CREATE TABLE people (
  id integer PRIMARY KEY,
  team integer NOT NULL REFERENCES teams DEFERRABLE INITIALLY DEFERRED,
  mentor integer REFERENCES people
);
ALTER TABLE teams ADD FOREIGN KEY (lead) REFERENCES people DEFERRABLE INITIALLY DEFERRED;
BEGIN;
INSERT INTO teams SELECT n, n * 10 FROM generate_series(1, 10) AS n;
INSERT INTO people SELECT n, (n - 1) / 10 + 1, nullif(n - 1, 0) FROM generate_series(1, 100) AS n;
COMMIT;
CREATE TABLE bookings (room integer, during tstzrange, EXCLUDE USING gist (room WITH =, during WITH &&));
INSERT INTO bookings VALUES (1, '[2025-01-01 10:00Z,2025-01-01 11:00Z)'), (1, '[2025-01-01 11:00Z,)');

-- Names and values that need quoting, in many scripts.
CREATE TABLE "Größe 尺寸"."Straße ""Nr. 1"" \ $x" (
  "naïve 'column'" text, "Zustand" "Größe 尺寸"."Zustand", home address, "select" real[], raw bytea);
INSERT INTO "Größe 尺寸"."Straße ""Nr. 1"" \ $x" VALUES
  (E'tab\t newline\n \\. quote'' end', 'für später', ROW('Ä-Straße', 1), '{NaN,Infinity,-0}', '\x00ff'),
  (NULL, '完了', NULL, '{}', '');
CREATE TABLE nothing ();
INSERT INTO nothing DEFAULT VALUES;
CREATE UNLOGGED TABLE scratch AS SELECT 1 AS one;
CREATE TABLE ancestor (a integer);
CREATE TABLE descendant (b integer) INHERITS (ancestor);
INSERT INTO ancestor VALUES (1);
INSERT INTO descendant VALUES (2, 3);
CREATE SEQUENCE downwards INCREMENT -5 START 100 MINVALUE -1000 MAXVALUE 100 CYCLE;
SELECT count(nextval('downwards')) FROM generate_series(1, 7);

-- What is no table.
CREATE VIEW busy AS SELECT customer, count(*) FROM orders GROUP BY customer;
CREATE MATERIALIZED VIEW daily AS SELECT placed::date AS day, sum(gross) FROM orders GROUP BY 1;
CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  -- A comment in a body.
  NEW.note := coalesce(NEW.note, 'leer');
  RETURN NEW;
END $body$;
CREATE TRIGGER stamp BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE TABLE salaries (person integer REFERENCES people, amount numeric);
INSERT INTO salaries SELECT id, id * 1000 FROM people;
ALTER TABLE salaries ENABLE ROW LEVEL SECURITY;
CREATE POLICY audited ON salaries FOR SELECT TO auditor USING (amount < 50000);
COMMENT ON TABLE salaries IS 'Wer was verdient – „geheim“';
SELECT count(lo_from_bytea(0, convert_to(repeat('blob ' || n || ' ', 2000), 'UTF8')))
FROM generate_series(1, 40) AS n;
-- What lies elsewhere, by the login of one role there.
CREATE FOREIGN DATA WRAPPER elsewhere;
CREATE SERVER warehouse FOREIGN DATA WRAPPER elsewhere;
CREATE USER MAPPING FOR reporter SERVER warehouse OPTIONS (password 'of elsewhere');
CREATE FOREIGN TABLE stock (id integer) SERVER warehouse;
ALTER DATABASE :"DBNAME" SET search_path = public, "Größe 尺寸";
