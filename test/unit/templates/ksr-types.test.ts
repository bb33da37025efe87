// The types that are shipped are those of the surfaces.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ksrTypes, TYPES_FILE } from '../../setup/ksr-types.ts'

test('templates/kemi/ksr.d.ts is what node test/setup/ksr-types.ts makes', async () => {
  expect(readFileSync(TYPES_FILE, 'utf8')).toBe(await ksrTypes())
})
