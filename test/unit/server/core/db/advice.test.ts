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
] as const)('%s', ([reason, advice]) => {
  expect(adviceAbout(reason)).toContain(advice)
})

test('what says enough gets none', () => {
  expect(adviceAbout('near "selec": syntax error')).toBe('')
})
