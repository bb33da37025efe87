// Writes down which functions, parameters and variables the modules of the real Kamailio 5.6.3
// have, from the tables in the modules that are installed:
//   node test/compat/modules/record.ts
// What the tables do not tell (transformations and event routes are registered by code) and what
// Debian does not build is in by-hand.json; it comes from the manuals.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { SharedObject } from './elf.ts'

const MODULES = '/usr/lib/x86_64-linux-gnu/kamailio/modules'
const FILE = 'server/core/catalogue/kamailio-5.6.3.json'
const BY_HAND = 'test/compat/modules/by-hand.json'

/** Names in one text, by what they are: functions, params, pvars ... */
type Lists = Record<string, string>

const ANY_NUMBER = -128
const ANY_ROUTE = 1023
const INTEGER = 2

/** Entries of a table whose rows begin with a name. */
function* rows(object: SharedObject, table: number, size: number): Generator<[number, string]> {
  for (let at = table; at !== 0; at += size) {
    const name = object.text(at)
    if (name === null) return
    yield [at, name]
  }
}

/** `save/1,2,3:135`: its numbers of arguments, and the bits of the routes that may call it. */
function functionsOf(object: SharedObject, table: number): string {
  const found = new Map<string, { arities: string[]; routes: number }>()
  for (const [at, name] of rows(object, table, 48)) {
    const arity = object.int(at + 16)
    const routes = object.int(at + 40) & ANY_ROUTE
    // What has no route, or binds, is for other modules.
    if (routes === 0 || /^bind_\w*$/.test(name) || (arity < 0 && arity !== ANY_NUMBER)) continue
    const entry = found.get(name) ?? { arities: [], routes: 0 }
    entry.arities.push(arity === ANY_NUMBER ? '*' : String(arity))
    entry.routes |= routes
    found.set(name, entry)
  }
  const texts = [...found].map(
    ([name, { arities, routes }]) => `${name}/${[...new Set(arities)].sort().join()}:${routes}`,
  )
  return texts.sort().join(' ')
}

function moduleOf(path: string): Lists | null {
  const object = new SharedObject(path)
  const table = object.symbol('exports') || object.symbol(`_${basename(path, '.so')}_exports`)
  if (table === 0) return null
  const params = [...rows(object, object.pointer(table + 24), 24)].map(
    ([at, name]) => `${name}:${(object.int(at + 8) & INTEGER) === 0 ? 's' : 'i'}`,
  )
  const pvars = [...rows(object, object.pointer(table + 40), 72)].map(([at, name]) => {
    const named = object.pointer(at + 40) === 0 ? '' : '()'
    return name + named + (object.pointer(at + 32) === 0 ? '' : '=')
  })
  return {
    functions: functionsOf(object, object.pointer(table + 16)),
    params: [...new Set(params)].sort().join(' '),
    pvars: [...new Set(pvars)].sort().join(' '),
  }
}

const byHand = JSON.parse(readFileSync(BY_HAND, 'utf8')) as Record<string, Lists>
const facts: Record<string, Lists> = {}
for (const file of readdirSync(MODULES)) {
  const module = moduleOf(join(MODULES, file))
  if (module !== null) facts[basename(file, '.so')] = module
}
for (const [name, lists] of Object.entries(byHand)) facts[name] = { ...facts[name], ...lists }
const filled = Object.entries(facts).map(([name, lists]): [string, Lists] => [
  name,
  Object.fromEntries(Object.entries(lists).filter(([, list]) => list !== '')),
])
const sorted = Object.fromEntries(filled.sort(([a], [b]) => (a < b ? -1 : 1)))
writeFileSync(FILE, `${JSON.stringify(sorted, null, 2)}\n`)
