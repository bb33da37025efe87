// The database that both servers read in the conversations of this folder.
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

const md5 = (text: string): string => createHash('md5').update(text, 'latin1').digest('hex')
const sha256 = (text: string): string => createHash('sha256').update(text, 'latin1').digest('hex')

const SCHEMA = `
CREATE TABLE version (id INTEGER PRIMARY KEY, table_name VARCHAR(32), table_version INTEGER);
INSERT INTO version (table_name, table_version) VALUES ('version', 1), ('subscriber', 7),
  ('wrong', 6), ('shashed', 7), ('dbaliases', 1), ('speed_dial', 2), ('uri', 1), ('grp', 2),
  ('re_grp', 1);
CREATE TABLE subscriber (id INTEGER PRIMARY KEY, username VARCHAR(64) DEFAULT '' NOT NULL,
  domain VARCHAR(64) DEFAULT '' NOT NULL, password VARCHAR(64) DEFAULT '' NOT NULL,
  ha1 VARCHAR(128) DEFAULT '' NOT NULL, ha1b VARCHAR(128) DEFAULT '' NOT NULL,
  rpid VARCHAR(64), email_address VARCHAR(64), grade INTEGER);
CREATE TABLE shashed AS SELECT * FROM subscriber;
CREATE TABLE wrong AS SELECT * FROM subscriber;
CREATE TABLE dbaliases (id INTEGER PRIMARY KEY, alias_username VARCHAR(64),
  alias_domain VARCHAR(64), username VARCHAR(64), domain VARCHAR(64));
INSERT INTO dbaliases (alias_username, alias_domain, username, domain) VALUES
  ('chief', 'example.com', 'alice', 'example.com'),
  ('team', 'example.com', 'alice', 'example.com'), ('team', 'example.com', 'bob', 'example.com'),
  ('team', 'example.com', 'carol', 'example.org'),
  ('chief', 'example.org', 'carol', 'example.org'), ('empty', 'example.com', '', 'example.com'),
  ('nodomain', 'example.com', 'bob', '');
CREATE TABLE speed_dial (id INTEGER PRIMARY KEY, username VARCHAR(64), domain VARCHAR(64),
  sd_username VARCHAR(64), sd_domain VARCHAR(64), new_uri VARCHAR(255), fname VARCHAR(64),
  lname VARCHAR(64), description VARCHAR(64));
INSERT INTO speed_dial (username, domain, sd_username, sd_domain, new_uri) VALUES
  ('alice', 'example.com', '22', 'example.com', 'sip:bob@example.com;transport=tcp'),
  ('alice', 'example.org', '22', 'example.com', 'sip:carol@example.org'),
  ('alice', 'example.com', '23', 'example.org', 'sip:dave@example.net'),
  ('alice', 'example.com', '24', 'example.com', 'nonsense'),
  ('alice', 'example.com', '25', 'example.com', 'bob@example.com'),
  ('bob', 'example.com', '22', 'example.com', 'sip:alice@example.com');
CREATE TABLE uri (id INTEGER PRIMARY KEY, username VARCHAR(64), domain VARCHAR(64),
  uri_user VARCHAR(64), last_modified TIMESTAMP WITHOUT TIME ZONE);
INSERT INTO uri (username, domain, uri_user, last_modified) VALUES
  ('alice', 'example.com', 'alice', '2000-01-01 00:00:01'),
  ('alice', 'example.com', 'chief', '2000-01-01 00:00:01'),
  ('bob', 'example.com', 'chef', '2000-01-01 00:00:01');
CREATE TABLE grp (id INTEGER PRIMARY KEY, username VARCHAR(64), domain VARCHAR(64),
  grp VARCHAR(64), last_modified TIMESTAMP WITHOUT TIME ZONE);
INSERT INTO grp (username, domain, grp, last_modified) VALUES
  ('alice', 'example.com', 'ld', '2000-01-01 00:00:01'),
  ('alice', 'example.org', 'int', '2000-01-01 00:00:01'),
  ('bob', 'example.com', 'int', '2000-01-01 00:00:01');
CREATE TABLE re_grp (id INTEGER PRIMARY KEY, reg_exp VARCHAR(128), group_id INTEGER);
INSERT INTO re_grp (reg_exp, group_id) VALUES ('^sip:a.*@example\\.com$', 10),
  ('^sip:alice@', 20), ('^sip:[0-9]+@', 30), ('bob', 40);
`

const USERS = [
  ['alice', 'example.com', 'secret'],
  ['alice', 'example.org', 'other'],
  ['bob', 'example.com', 'hunter2'],
] as const

/** Makes it in this folder and gives its path. */
export function makeTables(folder: string): string {
  const path = join(folder, 'kamailio.sqlite')
  const db = new DatabaseSync(path)
  db.exec(SCHEMA)
  const hashed = { subscriber: md5, shashed: sha256, wrong: md5 }
  for (const [table, hash] of Object.entries(hashed))
    for (const [user, domain, password] of USERS)
      db.prepare(
        `INSERT INTO ${table} (username, domain, password, ha1, ha1b, rpid, email_address, grade)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ).run(
        user,
        domain,
        password,
        hash(`${user}:${domain}:${password}`),
        hash(`${user}@${domain}:${domain}:${password}`),
        user === 'alice' ? `sip:+1${user.length}@${domain}` : null,
        `${user}@mail.${domain}`,
        user === 'alice' ? 7 : null,
      )
  db.close()
  return path
}
