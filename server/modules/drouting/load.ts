/**
 * Loads gateways, lists and rules. At the start a row that is of no use is left out and logged, as
 * in Kamailio; a reload with such a row leaves what serves, and the error names it.
 */
import type { Database, DbRow } from '../../core/db/api.ts'
import type { Loading } from '../../core/db/loaded-table.ts'
import { BadValue } from '../../core/module/index.ts'
import { parseUri } from '../../sip/uri.ts'
import type { Drouting } from './drouting.ts'
import { Recurrence } from './recurrence.ts'
import { type Gateway, isPrefix, RoutingData } from './routing-data.ts'

type Lists = ReadonlyMap<number, string>

export async function buildRouting(
  self: Drouting,
  database: Database,
  load: Loading,
): Promise<RoutingData> {
  const { drd_table, drl_table, drr_table, fetch_rows } = self.config
  const data = new RoutingData()
  const rows = (table: string, columns: string[]) =>
    load.rows(database, { table, columns, where: [] }, fetch_rows)
  const gateways = ['gwid', 'address', 'strip', 'pri_prefix', 'type', 'attrs']
  for await (const row of rows(drd_table, gateways)) {
    const gateway = await readGateway(self, row)
    if (gateway !== null) data.gateways.set(gateway.id, gateway)
  }
  if (data.gateways.size === 0) {
    self.warn('no valid destinations set -> ignoring the routing rules')
    return data
  }
  const lists = new Map<number, string>()
  for await (const [id, list] of rows(drl_table, ['id', 'gwlist']))
    lists.set(Number(needed(id)), String(needed(list)))
  const rules = ['ruleid', 'groupid', 'prefix', 'timerec', 'priority', 'routeid', 'gwlist']
  for await (const row of rows(drr_table, rules)) addRule(self, data, lists, row)
  if (data.rules === 0) self.warn('no valid routing rules -> discarding all destinations')
  return data
}

/** Leaves a row out; throws BadValue where what serves is better than that. */
function leaveOut(self: Drouting, reason: string, row: string): void {
  if (self.routing.generation > 0) throw new BadValue(reason)
  self.error(`${reason}${row} -> skipping`)
}

function needed<T>(value: T | null): T {
  if (value === null) throw new BadValue('nul column')
  return value
}

async function readGateway(self: Drouting, row: DbRow): Promise<Gateway | null> {
  const [id, address, strip, prefix, type, attributes] = row
  const text = String(needed(address!))
  const number = Number(needed(id!))
  const uri = parseUri(/^sips?:/i.test(text) ? text : `sip:${text}`)
  const ip = uri === null ? '' : await self.ipOf(uri.host)
  if (ip === '') {
    const resolves = uri === null ? `invalid uri <${text}>` : `cannot resolve <${uri.host}>`
    if (uri === null || self.config.force_dns !== 0) {
      leaveOut(self, resolves, `, failed to add destination id ${number}`)
      return null
    }
    self.warn(`${resolves} - won't be used by is_from_gw()`)
  }
  return {
    id: number,
    type: Number(type ?? 0),
    address: text.replace(/^sips?:/i, ''),
    ip,
    port: Number(uri!.port),
    strip: Number(strip ?? 0),
    prefix: String(prefix ?? ''),
    attributes: String(attributes ?? ''),
  }
}

function addRule(self: Drouting, data: RoutingData, lists: Lists, row: DbRow): void {
  const [id, groups, prefix, times, priority, route, list] = row.map(needed).map(String)
  try {
    const gateways = readGateways(data, lists, list!)
    const numbers = readGroups(groups!)
    const digits = prefix!.trim()
    if (!isPrefix(digits)) throw new BadValue(`failed to add prefix route [${prefix}]`)
    data.add(numbers, digits, {
      id: Number(id),
      priority: Number(priority),
      times: times === '' ? null : new Recurrence(times!),
      route: self.routeOf(route!),
      gateways,
    })
  } catch (error) {
    if (!(error instanceof BadValue)) throw error
    leaveOut(self, error.message, ` for rule id ${id}`)
  }
}

/** `1,2,3`; throws BadValue. */
function readGroups(text: string): number[] {
  const groups = text.split(/[,;]/).map(part => part.trim())
  const bad = groups.find(part => !/^\d+$/.test(part))
  if (text.trim() === '') throw new BadValue(`no id in grp list [${text}]`)
  if (bad !== undefined) throw new BadValue(`bad grp id '${bad}' [${text}]`)
  return groups.map(Number)
}

/** `1,2;3`, or `#4` for a list that rules share. Throws BadValue. */
function readGateways(data: RoutingData, lists: Lists, given: string): Gateway[][] {
  let text = given.trim()
  if (text.startsWith('#')) {
    const shared = lists.get(Number(text.slice(1)))
    if (shared === undefined) throw new BadValue(`invalid reference to a GW list <${given}>`)
    text = shared.trim()
  }
  if (text === '') throw new BadValue('no gateway')
  return text.split(';').map(group =>
    group.split(',').map(part => {
      const gateway = /^\s*\d+\s*$/.test(part) ? data.gateways.get(Number(part)) : undefined
      if (gateway === undefined) throw new BadValue(`invalid GW id ${part.trim()}`)
      return gateway
    }),
  )
}
