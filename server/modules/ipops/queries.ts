/** dns_query, srv_query, naptr_query, ptr_query and the matches: what name servers say. */
import type { Verdict } from '../../core/module/index.ts'
import { bytesOf, canonical, withoutBrackets } from '../../lib/ip.ts'
import { A, AAAA, NAPTR, PTR, type RecordData, SRV } from '../../net/dns/records.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Ipops } from './ipops.ts'
import { familyOfText } from './kinds.ts'

type Kind<K> = Extract<RecordData, { kind: K }>
type Waiting = Verdict | Promise<Verdict>

const NO_ANSWER = -4
const NO_ADDRESS = -3
/** No records, of srv_query and naptr_query. */
const NOT_FOUND = -3

/** Runs `then` with the records, at once when they are known. */
function withRecords(
  self: Ipops,
  name: string,
  type: number,
  then: (records: readonly RecordData[]) => Waiting,
): Waiting {
  const entry = self.core.dns.lookup(name, type)
  if (!(entry instanceof Promise)) return then(entry.records.map(record => record.data))
  return entry.then(({ records }) => then(records.map(record => record.data)))
}

const addresses = (records: readonly RecordData[]): string[] =>
  records.filter((data): data is Kind<'address'> => data.kind === 'address').map(({ ip }) => ip)

/** All addresses of a host, or the address itself. */
function withAddresses(self: Ipops, host: string, then: (ips: string[]) => Waiting): Waiting {
  if (familyOfText(host) !== 0) return then([withoutBrackets(host)])
  if (host === '') return then([])
  return withRecords(self, host, A, four =>
    withRecords(self, host, AAAA, six => then([...addresses(four), ...addresses(six)])),
  )
}

export function queryHost(self: Ipops, _msg: SipMessage, host: string, id: string): Waiting {
  return withAddresses(self, host, ips => {
    if (ips.length === 0) {
      self.hosts.delete(id)
      return NO_ANSWER
    }
    self.hosts.set(id, ips)
    return 1
  })
}

/** Services in the order of their priority, heavier ones first. */
export function querySrv(self: Ipops, _msg: SipMessage, name: string, id: string): Waiting {
  return withRecords(self, name, SRV, records => {
    const found = records.filter((data): data is Kind<'srv'> => data.kind === 'srv')
    found.sort((a, b) => a.priority - b.priority || b.weight - a.weight)
    self.services.set(id, found)
    return found.length === 0 ? NOT_FOUND : 1
  })
}

export function queryNaptr(self: Ipops, _msg: SipMessage, name: string, id: string): Waiting {
  return withRecords(self, name, NAPTR, records => {
    const found = records.filter((data): data is Kind<'naptr'> => data.kind === 'naptr')
    found.sort((a, b) => a.order - b.order || a.preference - b.preference)
    self.pointers.set(id, found)
    return found.length === 0 ? NOT_FOUND : 1
  })
}

/** RFC 1035 section 3.5, RFC 3596 section 2.5: the name under which an address is asked for. */
export function reverseName(ip: string): string | null {
  const bytes = bytesOf(ip)
  if (bytes === null) return null
  if (bytes.length === 4) return `${bytes.toReversed().join('.')}.in-addr.arpa`
  const digits = bytes.flatMap(byte => [byte >> 4, byte & 15]).map(digit => digit.toString(16))
  return `${digits.toReversed().join('.')}.ip6.arpa`
}

export function queryPtr(self: Ipops, _msg: SipMessage, ip: string, id: string): Waiting {
  const name = reverseName(ip)
  if (name === null) {
    self.core.log.error('ipops', `ptr_query: ${ip} is no address`)
    return -1
  }
  return withRecords(self, name, PTR, records => {
    const found = records.find((data): data is Kind<'name'> => data.kind === 'name')
    if (found === undefined) self.names.delete(id)
    else self.names.set(id, found.name)
    return found === undefined ? -1 : 1
  })
}

/** Does a host have this address? */
export const matchHost = (self: Ipops, _msg: SipMessage, host: string, ip: string): Waiting => {
  if (familyOfText(ip) === 0) return NO_ADDRESS
  const wanted = canonical(ip)
  return withAddresses(self, host, ips => {
    if (ips.length === 0) return NO_ANSWER
    return ips.some(each => canonical(each) === wanted) ? 1 : -1
  })
}
