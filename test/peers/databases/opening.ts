// Opening, and the check of table versions.
import { describe, expect, test } from 'vitest'
import { driverModule } from '../../../server/core/db/url.ts'
import type { DatabaseStage } from './stage.ts'
import { people } from './tables.ts'

export function opening(stage: DatabaseStage): void {
  describe('opening', () => {
    test('says what it can', () => {
      expect([...stage.db.can].toSorted()).toEqual([...stage.driver.can].toSorted())
    })

    test('is available', () => {
      expect(stage.db.available).toBe(true)
    })

    test('one URL is one database', () => {
      expect(stage.bench.core.databases.open(stage.url, 'another')).toBe(stage.db)
    })

    test('its scheme is that of the module', () => {
      expect(driverModule(stage.db.scheme)).toBe(stage.driver.module)
    })

    test('never shows the password', () => {
      const password = /:\/\/[^:/]*:(.+)@/.exec(stage.url)?.[1] ?? 'none'
      expect(stage.db.shownUrl).not.toContain(password)
    })
  })

  describe('the check of a table version', () => {
    const check = (expected: number, table = people.name): Promise<void> =>
      stage.bench.core.databases.checkVersion(stage.db, table, expected)
    const enter = (version: number) =>
      stage.insert({ table_name: people.name, table_version: version }, 'version')

    test('takes the right one', async () => {
      await enter(people.version)
      await expect(check(people.version)).resolves.toBeUndefined()
    })

    test('refuses another one', async () => {
      await enter(6)
      await expect(check(7)).rejects.toThrow(
        'invalid version 6 for table people found, expected 7 ' +
          '(check table structure and table "version")',
      )
    })

    test('refuses a table without a row', async () => {
      await expect(check(7, 'nowhere')).rejects.toThrow(
        'invalid version 0 for table nowhere found, expected 7',
      )
    })
  })
}
