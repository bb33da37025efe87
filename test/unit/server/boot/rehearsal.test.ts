// A node that has a registrar plays registrations to a core of its own.
import { expect, test } from 'vitest'
import { rehearse } from '../../../../server/boot/rehearsal.ts'
import coreSurface from '../../../../server/core/core.module.ts'
import { modules } from '../../../../server/modules/index.ts'

const cast = async (...names: string[]) => [
  coreSurface,
  ...(await Promise.all(names.map(async name => (await modules[name]!()).default))),
]

test('every registration is accepted', async () => {
  expect(await rehearse(await cast('tm', 'sl', 'rr', 'usrloc', 'registrar'))).toBe(960)
})

test('without a registrar there is nothing to play', async () => {
  expect(await rehearse(await cast('tm', 'sl', 'usrloc'))).toBe(0)
})
