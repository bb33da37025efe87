// The one suite that every driver passes against the real server.
import { describe } from 'vitest'
import { changing } from './changing.ts'
import { concurrency } from './concurrency.ts'
import { keptColumns, keys } from './keys.ts'
import { opening } from './opening.ts'
import { pages } from './pages.ts'
import { raw } from './raw.ts'
import { readOnly } from './read-only.ts'
import { reading } from './reading.ts'
import { DatabaseStage, type DriverUnderTest } from './stage.ts'
import { transactions } from './transactions.ts'
import { arbitraryValues, values } from './values.ts'

const PARTS = [
  opening,
  values,
  arbitraryValues,
  reading,
  pages,
  changing,
  keys,
  keptColumns,
  concurrency,
  transactions,
  raw,
  readOnly,
]

export function databaseSuite(driver: DriverUnderTest): void {
  describe(`${driver.module}`, () => {
    const stage = new DatabaseStage(driver)
    for (const part of PARTS) part(stage)
  })
}
