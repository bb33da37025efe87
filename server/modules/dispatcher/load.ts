/**
 * Loads the sets: built aside, then put in place. When a row is none the sets in force stay, and
 * the log names the row.
 */
import { readFileSync } from 'node:fs'
import { BadValue } from '../../core/module.ts'
import { familyOf } from '../../lib/ip.ts'
import { destinationOf } from './build.ts'
import { readDatabase } from './database.ts'
import type { Destination, Row } from './destination.ts'
import type { Dispatcher } from './dispatcher.ts'
import { readList } from './list-file.ts'
import { addressOf, type Found, placeOf } from './names.ts'
import { Sets } from './sets.ts'
import { NO_DNS } from './states.ts'

// ---- ds_dns_mode
export const AT_LOAD = 1
export const AT_EACH_USE = 2
export const BY_TIMER = 4
export const WITH_SERVICES = 8

function readFile(path: string): Row[] {
  let text: string
  try {
    text = readFileSync(path, 'latin1')
  } catch {
    throw new BadValue(`can't open list file [${path}]`)
  }
  return readList(text)
}

/** Throws BadValue with the sentence of what is wrong; then nothing has changed. */
export async function loadRows(self: Dispatcher, first: boolean): Promise<void> {
  const { config } = self
  const rows = config.db_url === '' ? readFile(config.list_file) : await readDatabase(self, first)
  const usable = first && config.ds_load_mode === 0
  await putInPlace(self, rows, usable)
}

/** `lenient`: rows that are no destination are left out. */
export async function putInPlace(
  self: Dispatcher,
  rows: readonly Row[],
  lenient: boolean,
): Promise<void> {
  const made: Destination[] = []
  for (const row of rows) {
    try {
      made.push(destinationOf(self.core, row, self.fallbackSocket, self.config.ds_attrs_none !== 0))
    } catch (error) {
      if (!(error instanceof BadValue)) throw error
      if (!lenient) throw new BadValue(`${error.message} (${row.place})`)
      self.error(error.message)
      leftOut(self, row)
    }
  }
  const found = await Promise.all(made.map(one => resolved(self, one)))
  const there = made.filter((one, i) => found[i] || isKnown(self, one))
  if (there.length < made.length && self.config.ds_load_mode === 1) {
    const lost = made.find(one => !there.includes(one))!
    throw new BadValue(`could not resolve ${lost.parsed.host} (${lost.row.place})`)
  }
  for (const one of made) if (!there.includes(one)) leftOut(self, one.row)
  self.sets = Sets.of(there, self.core.random, self.sets)
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
  one.address = found.address
  if (familyOf(one.parsed.host) === 0) one.resolvedAt = self.now()
  if (found.port !== 0) one.port = found.port
  if (found.proto !== 0) one.proto = found.proto
}

/** Asks for the addresses of all destinations again (ds_dns_interval). */
export function lookUpAll(self: Dispatcher): void {
  for (const { list } of self.sets.all)
    for (const one of list) if ((one.flags & NO_DNS) === 0) void lookUp(self, one)
}
