-- Addresses of record by user id.
CREATE TABLE uid_uri (
  id SERIAL PRIMARY KEY NOT NULL,
  uid VARCHAR(64) NOT NULL,
  did VARCHAR(64) NOT NULL,
  username VARCHAR(64) NOT NULL,
  flags INTEGER DEFAULT 0 NOT NULL,
  scheme VARCHAR(8) DEFAULT 'sip' NOT NULL
);
CREATE INDEX uid_uri_uri_idx1 ON uid_uri (username, did, scheme);
CREATE INDEX uid_uri_uri_uid ON uid_uri (uid);
INSERT INTO version (table_name, table_version) VALUES ('uid_uri', 3);

-- Attributes of addresses of record.
CREATE TABLE uid_uri_attrs (
  id SERIAL PRIMARY KEY NOT NULL,
  username VARCHAR(64) NOT NULL,
  did VARCHAR(64) NOT NULL,
  name VARCHAR(32) NOT NULL,
  value VARCHAR(128),
  type INTEGER DEFAULT 0 NOT NULL,
  flags INTEGER DEFAULT 0 NOT NULL,
  scheme VARCHAR(8) DEFAULT 'sip' NOT NULL,
  CONSTRAINT uid_uri_attrs_uriattrs_idx UNIQUE (username, did, name, value, scheme)
);
INSERT INTO version (table_name, table_version) VALUES ('uid_uri_attrs', 2);
