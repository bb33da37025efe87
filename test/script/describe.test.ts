// The inventory of --describe: everything that the registry knows is in it, sorted, and twice the
// same.
import { beforeAll, describe, expect, it } from 'vitest'
import { contract } from '../../rpc/contract/index.ts'
import { type Inventory, inventoryOf } from '../../server/boot/inventory.ts'
import coreSurface from '../../server/core/core.module.ts'
import type { AnyModule } from '../../server/core/module/index.ts'
import { coreParams } from '../../server/core/params.ts'
import { Registry } from '../../server/core/registry.ts'
import { modules } from '../../server/modules/index.ts'

type Row = Readonly<Record<string, unknown>>

let inventory: Inventory
const registry = new Registry()
const surfaces: AnyModule[] = []

const rows = (owner: Row, list: string): Row[] => owner[list] as Row[]
const names = (owner: Row, list: string): string[] => rows(owner, list).map(row => String(row.name))
const everywhere = (list: string): string[] =>
  [inventory.core, ...inventory.modules].flatMap(owner => names(owner, list))

const everywhereRows = (list: string): Row[] =>
  [inventory.core, ...inventory.modules].flatMap(owner => rows(owner, list))

beforeAll(async () => {
  registry.add(coreSurface)
  for (const load of Object.values(modules)) surfaces.push((await load()).default)
  for (const surface of surfaces) registry.add(surface)
  inventory = inventoryOf(coreSurface, surfaces, '1')
})

describe('the inventory', () => {
  it('has every module', () => {
    expect(inventory.modules.map(({ name }) => name)).toEqual(Object.keys(modules).toSorted())
  })

  it('has every function and variable of the registry', () => {
    expect(new Set(everywhere('functions'))).toEqual(new Set(registry.functionNames()))
    expect(new Set(everywhere('pseudoVariables'))).toEqual(new Set(registry.pvarNames()))
  })

  it('has every function that scripts call', () => {
    expect(everywhere('kemi')).toContain('pv.get')
    const lookup = everywhereRows('kemi').find(({ name }) => name === 'registrar.lookup_uri')
    expect(lookup).toMatchObject({
      arguments: [{ name: 'table', type: 'str', optional: false }, { type: 'str' }],
      returns: 'int',
    })
  })

  it('has every transformation of the registry', () => {
    const all = [inventory.core, ...inventory.modules].flatMap(owner =>
      rows(owner, 'transformations').flatMap(group =>
        names(group, 'functions').map(name => `${String(group.class)}.${name}`),
      ),
    )
    expect(new Set(all)).toEqual(new Set(registry.transformationNames()))
  })

  it('has every parameter, with what it is worth when nobody sets it', () => {
    for (const [i, surface] of surfaces.toSorted((a, b) => (a.name < b.name ? -1 : 1)).entries())
      expect(names(inventory.modules[i]!, 'parameters')).toEqual(
        Object.keys(surface.params as object).toSorted(),
      )
    expect(names(inventory.core, 'parameters')).toEqual(Object.keys(coreParams).toSorted())
    const debug = rows(inventory.core, 'parameters').find(({ name }) => name === 'debug')
    expect(debug).toMatchObject({ type: 'int', default: 0, live: 'core.debug', effect: 'acts' })
  })

  it('has every RPC method that a module or the core handles, with schemas', () => {
    const handled = surfaces.flatMap(({ rpc }) => Object.keys(rpc?.handlers ?? {}))
    const listed = everywhere('rpc')
    expect(handled.filter(name => !listed.includes(name))).toEqual([])
    expect(listed.filter(name => !(name in contract))).toEqual([])
    expect(names(inventory.core, 'rpc')).toContain('core.uptime')
    const lookup = inventory.modules
      .flatMap(owner => rows(owner, 'rpc'))
      .find(({ name }) => name === 'ul.lookup')
    expect(lookup).toMatchObject({ class: 'read', result: { type: 'object' } })
  })

  it('says a sentence of everything', () => {
    const lists = ['functions', 'pseudoVariables', 'statistics', 'timers', 'eventRoutes', 'rpc']
    const mute = [inventory.core, ...inventory.modules].flatMap(owner =>
      [...lists, 'parameters'].flatMap(list =>
        rows(owner, list)
          .filter(({ doc }) => typeof doc !== 'string' || doc === '')
          .map(({ name }) => `${String(owner.name)} ${list} ${String(name)}`),
      ),
    )
    expect(mute).toEqual([])
  })

  it('is sorted, so that two versions can be compared', () => {
    for (const owner of [inventory.core, ...inventory.modules])
      for (const [list, value] of Object.entries(owner)) {
        if (!Array.isArray(value) || list === 'needs') continue
        const keys = (value as Row[]).map(row => String(row.name ?? row.class))
        expect(keys, `${String(owner.name)} ${list}`).toEqual(keys.toSorted())
      }
  })

  it('is the same every time, whatever the order of the modules', () => {
    const again = inventoryOf(coreSurface, surfaces.toReversed(), '1')
    expect(JSON.stringify(again)).toBe(JSON.stringify(inventory))
  })
})
