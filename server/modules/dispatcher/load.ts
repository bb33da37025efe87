/**
 * Loads the sets: built aside, then put in force. When a row is none the sets in force stay, and
 * the log names the row.
 */
import { readFileSync } from 'node:fs'
import { setImmediate as immediate } from 'node:timers/promises'
import type { Database } from '../../core/db/api.ts'
import { LoadedTable, type Loading } from '../../core/db/loaded-table.ts'
import { BadValue } from '../../core/module/index.ts'
import { canonical, familyOf } from '../../lib/ip.ts'
import { destinationOf } from './build.ts'
import { rowsOfTable } from './database.ts'
import type { Destination, Row } from './destination.ts'
import type { Dispatcher } from './dispatcher.ts'
import { listLines, readLine } from './list-file.ts'
import { addressOf, type Found, placeOf } from './names.ts'
import { Sets } from './sets.ts'
import { NO_DNS } from './states.ts'

// ---- ds_dns_mode
export const AT_LOAD = 1
export const AT_EACH_USE = 2
export const BY_TIMER = 4
export const WITH_SERVICES = 8

/** The table of destinations; nothing is loaded yet. `db` null: they are in a file. */
export function destinationTable(self: Dispatcher, db: Database | null): LoadedTable<Sets> {
  const { config, core } = self
  return new LoadedTable(core, {
    module: 'dispatcher',
    name: config.table_name,
    source: db === null ? config.list_file : db.shownUrl,
    empty: Sets.NONE,
    build: load => build(self, db, load),
  })
}

async function build(self: Dispatcher, db: Database | null, load: Loading): Promise<Sets> {
  const rows = db === null ? rowsOfFile(self, load) : rowsOfTable(self, db, load)
  // At the start what cannot be used is left out; later it would take the place of what can.
  const lenient = self.table.generation === 0 && self.config.ds_load_mode === 0
  const made: Destination[] = []
  for await (const row of rows) {
    const one = make(self, row, lenient)
    if (one !== null) made.push(one)
  }
  load.at = ''
  if (load.taken === 0) self.warn('no dispatching data in the db -- empty destination set')
  return resolveAll(self, made)
}

/** Lines that are read before the node may do something else. */
const LINES_AT_ONCE = 500

async function* rowsOfFile({ config }: Dispatcher, load: Loading): AsyncGenerator<Row> {
  let text: string
  try {
    text = readFileSync(config.list_file, 'latin1')
  } catch {
    throw new BadValue(`can't open list file [${config.list_file}]`)
  }
  for (const [line, number] of listLines(text)) {
    if (number % LINES_AT_ONCE === 0) await immediate()
    load.take([line], `line ${number}`)
    yield readLine(line)
  }
}

/** Puts these rows in force; throws BadValue when one is none, and then nothing has changed. */
export async function putInPlace(self: Dispatcher, rows: readonly Row[]): Promise<void> {
  const made = rows.map(row => make(self, row, false)!)
  self.table.current = await resolveAll(self, made)
}

/** null: the row was left out. */
function make(self: Dispatcher, row: Row, lenient: boolean): Destination | null {
  try {
    return destinationOf(self.core, row, self.fallbackSocket, self.config.ds_attrs_none !== 0)
  } catch (error) {
    if (!(error instanceof BadValue) || !lenient) throw error
    self.error(error.message)
    leftOut(self, row)
    return null
  }
}

/** Finds the addresses of these destinations; those without one are left out. */
async function resolveAll(self: Dispatcher, made: readonly Destination[]): Promise<Sets> {
  const found = await Promise.all(made.map(one => resolved(self, one)))
  const isThere = made.map((one, i) => found[i] === true || isKnown(self, one))
  const there = made.filter((_, i) => isThere[i])
  for (const [i, one] of made.entries()) {
    if (isThere[i]) continue
    if (self.config.ds_load_mode === 1) throw new BadValue(`could not resolve ${one.parsed.host}`)
    leftOut(self, one.row)
  }
  return Sets.of(there, self.core.random, self.sets)
}

function leftOut(self: Dispatcher, { uri, set }: Row): void {
  self.warn(`unable to add destination ${uri} to set ${set} -- skipping`)
}

/** Its address is known from the list before this one. */
function isKnown(self: Dispatcher, one: Destination): boolean {
  const before = self.sets.find(one.row.set)?.find(one.uri)
  return before !== null && before !== undefined && before.address !== null
}

/** Looks for the address of its host, where the configuration wants it; false: it has none. */
async function resolved(self: Dispatcher, one: Destination): Promise<boolean> {
  if ((one.flags & NO_DNS) !== 0) return true
  if ((self.config.ds_dns_mode & (AT_LOAD | BY_TIMER)) === 0) return true
  return lookUp(self, one)
}

/** Asks for the address of a destination and keeps it; false, and a line, when there is none. */
export async function lookUp(self: Dispatcher, one: Destination): Promise<boolean> {
  const { host } = one.parsed
  const found = await placeIn(self, one)
  if (found === null) {
    self.error(`could not resolve ${host} (missing no-probing flag?!?)`)
    return false
  }
  keep(self, one, found)
  return true
}

export function placeIn(self: Dispatcher, one: Destination): Found | null | Promise<Found | null> {
  const { core, config } = self
  const { host } = one.parsed
  if ((config.ds_dns_mode & WITH_SERVICES) === 0) return addressOf(core, host)
  return placeOf(core, host, one.parsed.portNumber, one.parsed.transport)
}

export function keep(self: Dispatcher, one: Destination, found: Found): void {
  one.address = canonical(found.address)
  if (familyOf(one.parsed.host) === 0) one.resolvedAt = self.now()
  if (found.port !== 0) one.port = found.port
  if (found.proto !== 0) one.proto = found.proto
}

/** Asks for the addresses of all destinations again (ds_dns_interval). */
export function lookUpAll(self: Dispatcher): void {
  for (const { list } of self.sets.all)
    for (const one of list) if ((one.flags & NO_DNS) === 0) void lookUp(self, one)
}
