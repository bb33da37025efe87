/** dispatcher.*: the destinations seen and changed by an operator. */
import type { ResultOf } from '../../../rpc/schema.ts'
import type { dispatcher as contract } from '../../../rpc/contract/dispatcher.ts'
import { Fault } from '../../../rpc/faults.ts'
import { BadValue } from '../../core/module/index.ts'
import type { Destination, Row } from './destination.ts'
import type { Dispatcher } from './dispatcher.ts'
import { mayReload, reloadNow } from './functions.ts'
import { hashOf } from './hash.ts'
import { putInPlace } from './load.ts'
import { DISABLED, INACTIVE, PROBING, shownStates, TRYING } from './states.ts'

type Listed = ResultOf<(typeof contract)['dispatcher.list']>
type Shown = Listed['RECORDS'][number]['SET']['TARGETS'][number]['DEST']

export async function reload(self: Dispatcher): Promise<string> {
  if (!mayReload(self)) throw new Fault(500, 'Ongoing reload')
  if ((await reloadNow(self, 'rpc dispatcher.reload')) < 0) throw new Fault(500, 'Reload Failed')
  return 'Ok. Dispatcher successfully reloaded.'
}

function attributesOf({ attributes, rweight }: Destination): NonNullable<Shown['ATTRS']> {
  const { body, duid, maxload, weight, socket, sockname, obproxy } = attributes
  return {
    BODY: body,
    DUID: duid,
    MAXLOAD: maxload,
    WEIGHT: weight,
    RWEIGHT: rweight,
    SOCKET: socket,
    SOCKNAME: sockname,
    OBPROXY: obproxy,
  }
}

const hostOf = (one: Destination): Partial<Shown> => ({
  HOST: one.parsed.host,
  IPADDR: one.address ?? '',
  PORT: one.port,
  PROTOID: one.proto,
  DNSTIME_SEC: Math.floor(one.resolvedAt / 1000),
  DNSTIME_USEC: (one.resolvedAt % 1000) * 1000,
})

function show(self: Dispatcher, one: Destination, mode: string): Shown {
  const { config } = self
  const { average, deviation, estimate, max, timeouts } = one.latency
  const withAttributes = mode !== 'short' && one.attributes.body !== ''
  return {
    URI: one.uri,
    FLAGS: shownStates(one.flags),
    PRIORITY: one.priority,
    ...(mode === 'full' ? hostOf(one) : {}),
    ...(withAttributes ? { ATTRS: attributesOf(one) } : {}),
    ...(config.ds_ping_latency_stats === 0
      ? {}
      : { LATENCY: { AVG: average, STD: deviation, EST: estimate, MAX: max, TIMEOUT: timeouts } }),
    ...(config.ds_hash_size > 0 ? { RUNTIME: { DLGLOAD: one.load } } : {}),
  }
}

export function list(self: Dispatcher, mode = ''): Listed {
  const { all } = self.sets
  if (all.length === 0) throw new Fault(500, 'No Destination Sets')
  const kind = mode.toLowerCase()
  return {
    NRSETS: all.length,
    RECORDS: all.map(set => ({
      SET: {
        ID: set.id,
        TARGETS: set.list.map(one => ({ DEST: show(self, one, kind) })),
      },
    })),
  }
}

/** `ap`, `1`, `i` ...: the first letter is the state, a p behind it has the destination probed. */
function readState(text: string): number {
  const state = {
    0: INACTIVE,
    i: INACTIVE,
    1: 0,
    a: 0,
    2: DISABLED,
    d: DISABLED,
    3: TRYING,
    t: TRYING,
  }[text.slice(0, 1).toLowerCase()]
  if (text === '') throw new Fault(500, 'Invalid State Parameter')
  if (state === undefined) throw new Fault(500, 'Unknown State Value')
  const probed = state !== DISABLED && text.slice(1, 2).toLowerCase() === 'p'
  return probed ? state | PROBING : state
}

const settingState =
  (find: 'address' | 'duid') =>
  (self: Dispatcher, state: string, group: number, wanted: string): string => {
    const value = readState(state)
    const set = self.set(group)
    const one = find === 'duid' ? set?.list[set.withDuid(wanted)] : (set?.find(wanted) ?? undefined)
    const chosen = wanted === 'all' ? (set?.list ?? []) : one === undefined ? [] : [one]
    if (wanted !== 'all' && chosen.length === 0) {
      if (set !== null) self.error(`destination ${find} [${group} : ${wanted}] not found`)
      throw new Fault(500, 'State Update Failed')
    }
    for (const each of chosen) self.setState(set!, each, value)
    return 'Ok. Dispatcher state updated.'
  }

export const setState = settingState('address')
export const setDuidState = settingState('duid')

type PingState = ResultOf<(typeof contract)['dispatcher.ping_active']>

export function pingActive(self: Dispatcher, state?: number): PingState {
  const before = self.probe.active
  if (state === undefined || state === -1) return { OldPingState: before }
  self.probe.active = state
  return { NewPingState: state, OldPingState: before }
}

/** The rows of what is in force, in an order that leads to the same lists again. */
function rowsInForce(self: Dispatcher): Row[] {
  return self.sets.all.flatMap(({ list: destinations }) =>
    destinations.map(({ row }) => row).toReversed(),
  )
}

async function change(self: Dispatcher, rows: readonly Row[], failure: string): Promise<void> {
  try {
    await putInPlace(self, rows)
  } catch (error) {
    if (!(error instanceof BadValue)) throw error
    self.error(error.message)
    throw new Fault(500, failure)
  }
}

export async function add(
  self: Dispatcher,
  set: number,
  uri: string,
  flags = 0,
  priority = 0,
  attributes = '',
): Promise<string> {
  if (!mayReload(self)) throw new Fault(500, 'Ongoing reload')
  const row = { set, uri, flags, priority, attributes }
  await change(self, [...rowsInForce(self), row], 'Adding dispatcher dst failed')
  return 'Ok. Dispatcher destination added.'
}

export async function remove(self: Dispatcher, set: number, uri: string): Promise<string> {
  if (!mayReload(self)) throw new Fault(500, 'Ongoing reload')
  const wanted = /^(sips?|tels?|urn):/i.test(uri) ? uri : `sip:${uri}`
  const gone = self.sets.find(set)?.list.filter(one => one.uri === wanted) ?? []
  const rows = new Set(gone.map(({ row }) => row))
  const left = rowsInForce(self).filter(row => !rows.has(row))
  await change(self, left, 'Removing dispatcher dst failed')
  return 'Ok. Dispatcher destination removed.'
}

type Hashed = ResultOf<(typeof contract)['dispatcher.hash']>

export function hash(_self: Dispatcher, slots: number, first: string, second = ''): Hashed {
  const hashid = hashOf(first, second)
  return { hashid, slot: slots > 0 ? hashid % slots : 0 }
}
