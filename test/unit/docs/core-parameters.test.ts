// The table of core parameters is that of their declarations.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parameterTable, TABLE_FILE } from '../../setup/core-parameters.ts'

test('docs/core-parameters.md is what node test/setup/core-parameters.ts makes', () => {
  expect(readFileSync(TABLE_FILE, 'utf8')).toBe(parameterTable())
})
