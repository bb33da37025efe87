// Our modules against the tables of Kamailio 5.6.3's: every function with each number of arguments,
// in every route where it may stand, every parameter and variable.
import { describe, expect, it } from 'vitest'
import facts from '../../../server/core/catalogue/kamailio-5.6.3.json' with { type: 'json' }
import { KnownModule } from '../../../server/core/catalogue/catalogue.ts'
import { type AnyModule, type Param, type Pvar } from '../../../server/core/module/index.ts'
import { BRANCH_FAILURE_ROUTE, LOCAL_ROUTE } from '../../../server/core/route-bits.ts'
import { modules } from '../../../server/modules/index.ts'

/** Bits that no block of a config has. */
const NO_BLOCK = 32 | LOCAL_ROUTE | BRANCH_FAILURE_ROUTE

function functionGaps(surface: AnyModule, known: KnownModule): string[] {
  const gaps: string[] = []
  for (const [name, { arities, routes }] of known.functions) {
    const row = surface.functions?.[name]
    if (row === undefined) {
      gaps.push(`function ${name}`)
      continue
    }
    const least = row.args.filter(({ optional }) => !optional).length
    for (const count of arities)
      if (count < least || count > row.args.length) gaps.push(`${name} with ${count} arguments`)
    if ((routes & ~row.routes & ~NO_BLOCK) !== 0) gaps.push(`${name} in all of its routes`)
  }
  return gaps
}

function paramGaps(surface: AnyModule, known: KnownModule): string[] {
  const gaps: string[] = []
  for (const [name, kind] of known.params) {
    const row = (surface.params as Record<string, Param<unknown>>)[name]
    if (row === undefined) gaps.push(`parameter ${name}`)
    else if (row.kind !== 'each' && kind !== 'any' && (row.kind === 'int') !== (kind === 'int'))
      gaps.push(`parameter ${name} as ${kind}`)
  }
  return gaps
}

function pvarGaps(surface: AnyModule, known: KnownModule): string[] {
  const gaps: string[] = []
  for (const [name, { named }] of known.pvars) {
    const row = surface.pvars?.[name] as Pvar<unknown> | undefined
    if (row === undefined) gaps.push(`variable $${name}`)
    else if (named && row.inner === 'none') gaps.push(`variable $${name}(name)`)
  }
  return gaps
}

const shared = Object.keys(modules).filter(name => Object.hasOwn(facts, name))

describe.each(shared)('module %s', name => {
  it('has all that it has in Kamailio 5.6.3', async () => {
    const surface = (await modules[name]!()).default
    const known = new KnownModule(name, (facts as Record<string, object>)[name]!, {})
    const gaps = [
      ...functionGaps(surface, known),
      ...paramGaps(surface, known),
      ...pvarGaps(surface, known),
    ]
    expect(gaps).toEqual([])
  })
})
