/** allow_address, allow_trusted and their kin. */
import { is } from '../../core/db/api.ts'
import type { Verdict } from '../../core/module/index.ts'
import { canonical, familyOf } from '../../lib/ip.ts'
import type { SipMessage } from '../../sip/message.ts'
import { protoName } from '../../sip/transport.ts'
import type { AddressRow } from './addresses.ts'
import { type Permissions, textOf } from './permissions.ts'
import { isUnused, Peer, readProto } from './trusted.ts'

/** Notes the tag of what was found. */
function tag(self: Permissions, msg: SipMessage, text: string | null): void {
  if (text !== null && text !== '') self.config.peer_tag_avp?.set?.(msg, text)
}

function found(self: Permissions, msg: SipMessage, row: AddressRow | null): AddressRow | null {
  if (row !== null) tag(self, msg, row.tag)
  return row
}

export function allowAddress(
  self: Permissions,
  msg: SipMessage,
  group: number,
  address: string,
  port: number,
): Verdict {
  const table = self.addresses?.current
  if (table === undefined) return -1
  const row =
    familyOf(address) === 0
      ? table.findName(group, address, port)
      : table.find(group, canonical(address), port)
  return found(self, msg, row) === null ? -1 : 1
}

export function allowSourceAddress(self: Permissions, msg: SipMessage, group = 1): Verdict {
  const { srcIp, srcPort } = msg.received
  const row = self.addresses?.current.find(group, srcIp, srcPort) ?? null
  return found(self, msg, row) === null ? -1 : 1
}

/** The group, -1 when there is none. */
export function allowSourceAddressGroup(self: Permissions, msg: SipMessage): Verdict {
  const { srcIp, srcPort } = msg.received
  const row = self.addresses?.current.find(null, srcIp, srcPort) ?? null
  return found(self, msg, row)?.group ?? -1
}

export function allowAddressGroup(
  self: Permissions,
  msg: SipMessage,
  address: string,
  port: number,
): Verdict {
  const table = self.addresses?.current
  if (table === undefined) return -1
  // The tag of a name is not noted.
  if (familyOf(address) === 0) return table.findName(null, address, port)?.group ?? -1
  return found(self, msg, table.find(null, canonical(address), port))?.group ?? -1
}

export function allowTrusted(
  self: Permissions,
  msg: SipMessage,
  address = msg.received.srcIp,
  transport = protoName(msg.received.proto),
  from = msg.from?.uri ?? '',
): Verdict | Promise<Verdict> {
  let proto: number
  try {
    proto = readProto(transport)
  } catch (error) {
    self.core.log.error('permissions', (error as Error).message)
    return -1
  }
  if (self.peers !== null) return judge(self, msg, self.peers.current.of(address), proto, from)
  if (self.db !== null) return askDatabase(self, msg, address, proto, from)
  self.core.log.error('permissions', 'no connection to database')
  return -1
}

async function askDatabase(
  self: Permissions,
  msg: SipMessage,
  address: string,
  proto: number,
  from: string,
): Promise<Verdict> {
  const { config, core } = self
  try {
    const { rows } = await self.db!.query({
      table: config.trusted_table,
      columns: self.trustedColumns(),
      where: [is(config.source_col, 'string', address)],
      order: config.priority_col,
    })
    const peers = rows
      .filter(([transport]) => !isUnused(String(transport)))
      .map(
        ([transport, fromPattern, uriPattern, peerTag, priority]) =>
          new Peer({
            address,
            proto: String(transport),
            from: textOf(fromPattern),
            requestUri: textOf(uriPattern),
            tag: textOf(peerTag),
            priority: Number(priority ?? 0),
          }),
      )
    return judge(self, msg, peers, proto, from)
  } catch (error) {
    core.log.error('permissions', `failed to query database: ${(error as Error).message}`)
    return -1
  }
}

/** How many of them fit, where all are looked at; -1 for none. */
function judge(
  self: Permissions,
  msg: SipMessage,
  peers: readonly Peer[],
  proto: number,
  from: string,
): Verdict {
  let count = 0
  for (const peer of peers) {
    if (!peer.fits(proto, from, msg.uri)) continue
    tag(self, msg, peer.row.tag)
    count++
    if (self.config.peer_tag_mode === 0) break
  }
  return count === 0 ? -1 : count
}
