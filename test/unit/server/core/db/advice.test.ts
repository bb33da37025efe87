import { expect, test } from 'vitest'
import { adviceAbout } from '../../../../../server/core/db/advice.ts'

test.for([
  ["Access denied for user 'kamailio'@'127.0.0.1' (using password: YES)", 'user and password'],
  ['password authentication failed for user "kamailio"', 'user and password'],
  ['must be owner of table acc', 'the owner of the database'],
  ['column "src_user" of relation "acc" does not exist', 'kamctl acc initdb'],
  ["Unknown column 'src_user' in 'INSERT INTO'", 'kamctl acc initdb'],
  ['table acc has no column named src_user', 'kamctl acc initdb'],
  ['connect ECONNREFUSED 127.0.0.1:3306', 'is the database server running'],
  ['getaddrinfo ENOTFOUND db.example.org', 'no such host'],
  ['unable to open database file', 'kamdbctl create'],
  ['database "nix" does not exist', 'kamdbctl create'],
  ['no such table: dialplan', 'kamdbctl create'],
  ["Table 'kamailio.dialplan' doesn't exist", 'kamdbctl create'],
  ['bind as "cn=x" at h:389: Invalid credentials (49)', '[connection:...] with authtype=simple'],
  ["Cannot find configuration for 'grp', giving up: no [table:grp] in l.cfg", 'its section says'],
  ['table grp, base "ou=x": No such object (32)', 'no entry of this name'],
] as const)('%s', ([reason, advice]) => {
  expect(adviceAbout(reason)).toContain(advice)
})

test('what says enough gets none', () => {
  expect(adviceAbout('near "selec": syntax error')).toBe('')
})
