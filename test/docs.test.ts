// A module's README.md and its surface say the same, both ways: what is offered is documented, and
// what is documented is offered.
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { AnyModule } from '../server/core/module/index.ts'
import { modules } from '../server/modules/index.ts'
import { type Manual, documented, readManual } from './kit/manual.ts'

type Row = {
  what: string
  /** Titles of the sections that may hold them. */
  titles: string[]
  offered: (surface: AnyModule) => string[]
}

const keys = (rows: object | undefined): string[] => Object.keys(rows ?? {})

const ROWS: Row[] = [
  { what: 'parameters', titles: ['parameters'], offered: ({ params }) => keys(params) },
  { what: 'functions', titles: ['functions'], offered: ({ functions }) => keys(functions) },
  {
    what: 'pseudo-variables',
    titles: ['pseudo-variables', 'variables'],
    offered: ({ pvars }) => keys(pvars),
  },
  {
    what: 'transformations',
    titles: ['transformations'],
    offered: ({ transformations }) =>
      Object.entries(transformations ?? {}).flatMap(([name, functions]) =>
        keys(functions).map(own => `${name}.${own}`),
      ),
  },
  { what: 'RPC methods', titles: ['rpc'], offered: ({ rpc }) => keys(rpc?.handlers) },
  { what: 'statistics', titles: ['statistics'], offered: ({ stats }) => keys(stats) },
  { what: 'events', titles: ['events', 'event routes'], offered: ({ events }) => keys(events) },
  {
    what: 'tables',
    titles: ['tables'],
    offered: ({ tables }) => (tables ?? []).map(table => table.name),
  },
]

async function surfaceOf(name: string): Promise<AnyModule> {
  const load = modules[name]
  if (!load) throw new Error(`no module ${name}`)
  return (await load()).default
}

function manualOf(name: string): Manual {
  const path = `server/modules/${name}/README.md`
  if (!existsSync(path)) throw new Error(`${path} is missing`)
  return readManual(path)
}

describe.for(Object.keys(modules))('the manual of %s', name => {
  test('is titled with the name that a config uses', async () => {
    const surface = await surfaceOf(name)
    expect(surface.name).toBe(name)
    expect(manualOf(name).title).toBe(name)
  })

  test('has a description', () => {
    expect([...manualOf(name).sections.keys()]).toContain('description')
  })

  test.for(ROWS)('lists its $what, all of them and no others', async ({ titles, offered }) => {
    const surface = await surfaceOf(name)
    const listed = documented(manualOf(name), ...titles)
    expect([...new Set(listed)].toSorted()).toEqual(offered(surface).toSorted())
  })

  test('names the modules that it needs', async () => {
    const { needs } = await surfaceOf(name)
    const text = manualOf(name).sections.get('needs')?.join('\n') ?? ''
    const wanted = Object.values(needs as Record<string, { module: string }>)
    expect(wanted.map(need => need.module).filter(need => !text.includes(need))).toEqual([])
  })

  test('documents every word in a sentence', async () => {
    const { params, functions, pvars, stats } = await surfaceOf(name)
    const rows = Object.entries({ ...params, ...functions, ...pvars, ...stats })
    const mute = rows.filter(([, row]) => !(row as { doc?: string }).doc).map(([key]) => key)
    expect(mute).toEqual([])
  })
})
