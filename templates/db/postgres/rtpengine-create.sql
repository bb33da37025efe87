-- Sets of rtpengine media relays.
CREATE TABLE rtpengine (
  id SERIAL PRIMARY KEY NOT NULL,
  setid INTEGER DEFAULT 0 NOT NULL,
  url VARCHAR(64) NOT NULL,
  weight INTEGER DEFAULT 1 NOT NULL,
  disabled INTEGER DEFAULT 0 NOT NULL,
  stamp TIMESTAMP WITHOUT TIME ZONE DEFAULT '1900-01-01 00:00:01' NOT NULL,
  CONSTRAINT rtpengine_rtpengine_nodes UNIQUE (setid, url)
);
INSERT INTO version (table_name, table_version) VALUES ('rtpengine', 1);
