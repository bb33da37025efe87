-- Prefixes of a carrier and domain with the host that they go to.
CREATE TABLE carrierroute (
  id INTEGER PRIMARY KEY NOT NULL,
  carrier INTEGER DEFAULT 0 NOT NULL,
  domain INTEGER DEFAULT 0 NOT NULL,
  scan_prefix VARCHAR(64) DEFAULT '' NOT NULL,
  flags INTEGER DEFAULT 0 NOT NULL,
  mask INTEGER DEFAULT 0 NOT NULL,
  prob REAL DEFAULT 0 NOT NULL,
  strip INTEGER DEFAULT 0 NOT NULL,
  rewrite_host VARCHAR(255) DEFAULT '' NOT NULL,
  rewrite_prefix VARCHAR(64) DEFAULT '' NOT NULL,
  rewrite_suffix VARCHAR(64) DEFAULT '' NOT NULL,
  description VARCHAR(255) DEFAULT NULL
);
INSERT INTO version (table_name, table_version) VALUES ('carrierroute', 3);

-- Which domain to try after which reply of a host.
CREATE TABLE carrierfailureroute (
  id INTEGER PRIMARY KEY NOT NULL,
  carrier INTEGER DEFAULT 0 NOT NULL,
  domain INTEGER DEFAULT 0 NOT NULL,
  scan_prefix VARCHAR(64) DEFAULT '' NOT NULL,
  host_name VARCHAR(255) DEFAULT '' NOT NULL,
  reply_code VARCHAR(3) DEFAULT '' NOT NULL,
  flags INTEGER DEFAULT 0 NOT NULL,
  mask INTEGER DEFAULT 0 NOT NULL,
  next_domain INTEGER DEFAULT 0 NOT NULL,
  description VARCHAR(255) DEFAULT NULL
);
INSERT INTO version (table_name, table_version) VALUES ('carrierfailureroute', 2);

-- Names of the carriers.
CREATE TABLE carrier_name (
  id INTEGER PRIMARY KEY NOT NULL,
  carrier VARCHAR(64) DEFAULT NULL
);
INSERT INTO version (table_name, table_version) VALUES ('carrier_name', 1);

-- Names of the routing domains of carriers.
CREATE TABLE domain_name (
  id INTEGER PRIMARY KEY NOT NULL,
  domain VARCHAR(64) DEFAULT NULL
);
INSERT INTO version (table_name, table_version) VALUES ('domain_name', 1);
