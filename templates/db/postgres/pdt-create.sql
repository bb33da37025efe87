-- Domains of number prefixes.
CREATE TABLE pdt (
  id SERIAL PRIMARY KEY NOT NULL,
  sdomain VARCHAR(255) NOT NULL,
  prefix VARCHAR(32) NOT NULL,
  domain VARCHAR(255) DEFAULT '' NOT NULL,
  CONSTRAINT pdt_sdomain_prefix_idx UNIQUE (sdomain, prefix)
);
INSERT INTO version (table_name, table_version) VALUES ('pdt', 1);
