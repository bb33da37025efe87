-- Attributes of the whole system.
CREATE TABLE uid_global_attrs (
  id INTEGER PRIMARY KEY NOT NULL,
  name VARCHAR(32) NOT NULL,
  type INTEGER DEFAULT 0 NOT NULL,
  value VARCHAR(128),
  flags INTEGER DEFAULT 0 NOT NULL,
  CONSTRAINT uid_global_attrs_global_attrs_idx UNIQUE (name, value)
);
INSERT INTO version (table_name, table_version) VALUES ('uid_global_attrs', 1);
