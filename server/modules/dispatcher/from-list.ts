/** ds_is_from_list: is the sender, or a URI, one of our destinations? */
import { type PvHandle, type Verdict } from '../../core/module/index.ts'
import { canonical } from '../../lib/ip.ts'
import type { SipMessage } from '../../sip/message.ts'
import { parseUri } from '../../sip/uri.ts'
import type { Destination } from './destination.ts'
import type { Dispatcher } from './dispatcher.ts'
import { AT_EACH_USE, placeIn, WITH_SERVICES } from './load.ts'
import { addressOf, type Found, placeOf } from './names.ts'
import type { DestinationSet } from './set.ts'
import { isDown, NO_DNS } from './states.ts'

// ---- bits of the mode
const ANY_PORT = 1
const ANY_PROTO = 2
const ONLY_UP = 4
const SAME_SOCKET = 8

const ALL_SETS = -1

interface Wanted {
  readonly address: string
  readonly port: number
  readonly proto: number
}

export function isFromList(
  self: Dispatcher,
  msg: SipMessage,
  set = ALL_SETS,
  mode = ANY_PROTO,
  uri = '',
): Verdict | Promise<Verdict> {
  if (uri !== '') return isUriInList(self, msg, set, mode, uri)
  const { srcIp, srcPort, proto } = msg.received
  return search(self, msg, set, mode, { address: srcIp, port: srcPort, proto })
}

function isUriInList(
  self: Dispatcher,
  msg: SipMessage,
  set: number,
  mode: number,
  text: string,
): Verdict | Promise<Verdict> {
  const uri = parseUri(text)
  if (uri === null) {
    self.error(`bad uri [${text}]`)
    return -1
  }
  const { core, config } = self
  const port = uri.portNumber
  const proto = uri.transport
  const found =
    (config.ds_dns_mode & WITH_SERVICES) !== 0
      ? placeOf(core, uri.host, port, proto)
      : addressOf(core, uri.host)
  const go = (to: Found | null): Verdict | Promise<Verdict> => {
    if (to !== null) {
      const place = {
        address: canonical(to.address),
        port: to.port || port,
        proto: to.proto || proto,
      }
      return search(self, msg, set, mode, place)
    }
    self.error(`could not resolve ${uri.host}`)
    return -1
  }
  return found instanceof Promise ? found.then(go) : go(found)
}

function search(
  self: Dispatcher,
  msg: SipMessage,
  id: number,
  mode: number,
  wanted: Wanted,
): Verdict | Promise<Verdict> {
  const one = id === ALL_SETS ? null : self.sets.find(id)
  const sets = id === ALL_SETS ? self.sets.all : one === null ? [] : [one]
  const look = (addresses: ReadonlyMap<Destination, string> | null): Verdict => {
    for (const set of sets)
      for (const candidate of set.list) {
        const address = addresses === null ? candidate.address : addresses.get(candidate)
        if (matches(candidate, address ?? null, msg, mode, wanted))
          return tell(self, msg, set, candidate, id === ALL_SETS)
      }
    return -1
  }
  if ((self.config.ds_dns_mode & AT_EACH_USE) === 0) return look(null)
  const addresses = addressesNow(self, sets)
  return addresses instanceof Promise ? addresses.then(look) : look(addresses)
}

function matches(
  one: Destination,
  address: string | null,
  msg: SipMessage,
  mode: number,
  wanted: Wanted,
): boolean {
  if (address === null || (one.row.flags & NO_DNS) !== 0) return false
  if (address !== wanted.address) return false
  if ((mode & ANY_PORT) === 0 && one.port !== 0 && one.port !== wanted.port) return false
  if ((mode & ANY_PROTO) === 0 && one.proto !== wanted.proto) return false
  if ((mode & ONLY_UP) !== 0 && isDown(one.flags)) return false
  return (mode & SAME_SOCKET) === 0 || one.socket === null || one.socket === msg.received.socket
}

/** A promise only where an address has to be asked for. */
function addressesNow(
  self: Dispatcher,
  sets: readonly DestinationSet[],
): Map<Destination, string> | Promise<Map<Destination, string>> {
  const addresses = new Map<Destination, string>()
  const keep = (one: Destination, found: Found | null): void => {
    if (found !== null) addresses.set(one, canonical(found.address))
    else self.warn(`could not resolve ${one.parsed.host} (skipping)`)
  }
  const asked: Promise<void>[] = []
  for (const { list } of sets)
    for (const one of list) {
      const found = placeIn(self, one)
      if (found instanceof Promise) asked.push(found.then(later => keep(one, later)))
      else keep(one, found)
    }
  return asked.length === 0 ? addresses : Promise.all(asked).then(() => addresses)
}

/** Leaves the set, when all were looked through, and the attributes where the script wants them. */
function tell(
  self: Dispatcher,
  msg: SipMessage,
  set: DestinationSet,
  one: Destination,
  all: boolean,
): Verdict {
  const { setid_pvname, attrs_pvname } = self.config
  if (all) write(msg, setid_pvname, set.id)
  if (one.attributes.body !== '') write(msg, attrs_pvname, one.attributes.body)
  return 1
}

function write(msg: SipMessage, to: PvHandle | null, value: string | number): void {
  to?.set?.(msg, value)
}
