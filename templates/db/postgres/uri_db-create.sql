-- Which authenticated user may use which user name in an address.
CREATE TABLE uri (
  id SERIAL PRIMARY KEY NOT NULL,
  username VARCHAR(64) DEFAULT '' NOT NULL,
  domain VARCHAR(64) DEFAULT '' NOT NULL,
  uri_user VARCHAR(64) DEFAULT '' NOT NULL,
  last_modified TIMESTAMP WITHOUT TIME ZONE DEFAULT '2000-01-01 00:00:01' NOT NULL,
  CONSTRAINT uri_account_idx UNIQUE (username, domain, uri_user)
);
INSERT INTO version (table_name, table_version) VALUES ('uri', 1);
