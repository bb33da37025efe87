-- How many records of each spool are in this database.
CREATE TABLE `ohana_spool` (
  `spool` VARCHAR(64) NOT NULL,
  `done` BIGINT NOT NULL,
  CONSTRAINT spool_idx UNIQUE (`spool`)
);
INSERT INTO version (table_name, table_version) VALUES ('ohana_spool', 1);
