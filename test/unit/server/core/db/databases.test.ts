// Which driver a URL leads to, and the check of table versions in Kamailio's words.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { BadValue } from '../../../../../server/core/module/index.ts'
import { testNode, type TestNode } from '../rpc/core-for-test.ts'
import { FakeDriver } from './fake-driver.ts'

let node: TestNode
let driver: FakeDriver

beforeEach(() => {
  node = testNode()
  driver = new FakeDriver()
  node.core.databases.add(driver)
})
afterEach(() => node.stop())

describe('a URL', () => {
  test('whose driver is not loaded is refused in Kamailio’s words', () => {
    const open = (): unknown => node.core.databases.open('mysql://u:p@h/d', 'acc')
    expect(open).toThrow('Module db_mysql not found. Missing loadmodule?')
    expect(open).toThrow(BadValue)
  })

  test.each([
    ['unixodbc', 'need no ODBC'],
    ['oracle', 'postgres://'],
    ['berkeley', 'sqlite://'],
    ['ldap', 'loadmodule "db2_ldap.so"'],
    ['ldaps', 'loadmodule "db2_ldap.so"'],
  ])('of %s names what to use in its place', (scheme, hint) => {
    try {
      node.core.databases.open(`${scheme}://u:p@h/d`, 'acc')
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ hint: expect.stringContaining(hint) })
    }
  })

  test('that is none is refused', () => {
    expect(() => node.core.databases.open('kamailio', 'acc')).toThrow('is no database URL')
  })

  test('is one database for all modules', () => {
    const { databases } = node.core
    const one = databases.open('fake://a', 'acc')
    expect(databases.open('fake://a', 'usrloc')).toBe(one)
    expect(databases.open('fake://b', 'usrloc')).not.toBe(one)
    expect(databases.all().map(({ users }) => [...users])).toEqual([['acc', 'usrloc'], ['usrloc']])
  })
})

describe('the version of a table', () => {
  const check = (): Promise<void> => {
    const { databases } = node.core
    return databases.checkVersion(databases.open('fake://a', 'domain'), 'domain', 2)
  }

  test('that is right is taken', async () => {
    driver.rows = [[2]]
    await expect(check()).resolves.toBeUndefined()
    expect(driver.asked).toEqual(['query version'])
  })

  // As Kamailio 5.6.3 says it.
  test.each([
    ['another one', [[6]], 'invalid version 6 for table domain found, expected 2 (check table '],
    ['an older one', [[1]], 'invalid version 1 for table domain found, ', ' kamdbctl migrate '],
    [
      'none',
      [],
      'invalid version 0 for table domain found, expected 2 (check ',
      ' kamdbctl create ',
    ],
  ])('%s is refused', async (_what, rows, text, way = '') => {
    driver.rows = rows
    await expect(check()).rejects.toThrow(text)
    await expect(check()).rejects.toMatchObject({
      hint: expect.stringContaining(
        `Error during version check for db table: domain, check database structure.${way}`,
      ),
    })
  })

  test('that cannot be asked for says why', async () => {
    driver.mood = 'statement'
    await expect(check()).rejects.toThrow('querying version for table domain: it is statement')
  })

  test('is in the table that version_table names', async () => {
    node.core.params.version_table = 'versions'
    driver.rows = [[2]]
    await check()
    expect(driver.asked).toEqual(['query versions'])
  })
})
