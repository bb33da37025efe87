/**
 * Keepalives: requests without a transaction to registered contacts, so that a NAT stays open and
 * dead phones are found. Everything that the answer must tell us stands in the From tag: unique
 * name, hash of the address of record, time of sending.
 */
import { type SocketInfo, UDP } from '../../sip/transport.ts'
import { defaultPort, parseUri, uriTransport } from '../../sip/uri.ts'
import { hashText } from '../../core/shared/location-hash.ts'
import { parseNameAddressList } from '../../sip/header/address.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { Format } from '../../core/module/index.ts'
import type { Contact } from './api.ts'
import type { Table } from './table.ts'
import type { Usrloc } from './usrloc.ts'

export const NATED_ONLY = 2
const UDP_ONLY = 4
const CALL_ID_START = 'ksrulka-'
/** ka_loglevel that means no line. */
const NO_LOG = 255
/** What it ends with. Module pv has the variables: only who wants the line needs that. */
const LOG_MESSAGE = ' to-uri: [$tu] remote-addr: [$sas]'

export class Keepalive {
  private readonly owner: Usrloc
  private sent = 0
  private logMessage: Format | null = null

  constructor(owner: Usrloc) {
    this.owner = owner
  }

  start(): void {
    const { config, core } = this.owner
    core.hooks.addPreReply(msg => !this.take(msg))
    if (config.ka_loglevel !== NO_LOG)
      this.logMessage = config.ka_logmsg ?? core.formats.compile(LOG_MESSAGE)
  }

  /**
   * Sends one if this contact wants it; drops a contact that has been silent for too long. True
   * when something was done.
   */
  visit(table: Table, record: number, now: number): boolean {
    const { config, core, natFlag } = this.owner
    const contact = table.store.read(record)
    if (config.ka_filter === 1 && contact.serverId !== core.params.server_id) return false
    if ((config.ka_mode & NATED_ONLY) !== 0 && (contact.branchFlags & natFlag) === 0) return false
    const { ka_timeout: timeout } = config
    if (timeout > 0 && contact.lastKeepalive > 0 && contact.lastKeepalive + timeout < now) {
      table.expire(record)
      return true
    }
    return this.ping(contact)
  }

  /** Sends one, where ka_mode allows; false when none was sent. */
  ping(contact: Contact): boolean {
    const { config, core } = this.owner
    const { network } = core
    const first = contact.path === '' ? null : (parseNameAddressList(contact.path)?.[0] ?? null)
    const target = first !== null ? first.uri : contact.received || contact.uri
    const uri = parseUri(target)
    if (uri === null) return false
    const proto = uriTransport(uri)
    if ((config.ka_mode & UDP_ONLY) !== 0 && proto !== UDP) return false
    network.resolve(uri.host, uri.portNumber, proto, uri.scheme === 'sips', to => {
      if (to === null) return
      const kept = contact.socket !== null && contact.socket.proto === to.proto
      const socket = kept ? contact.socket : network.socketFor(to.proto, to.ip)
      if (socket === null) return
      const connection = Math.max(contact.connection, 0)
      const { proto: used, ip } = to
      const port = to.port || defaultPort(used)
      const destination = { proto: used, ip, port, connection, socket }
      network.send(this.print(contact, socket), destination)
    })
    return true
  }

  private print(contact: Contact, socket: SocketInfo): string {
    const { config, core, useDomain } = this.owner
    const n = ++this.sent
    const now = core.clock.now()
    const seconds = Math.floor(now / 1000)
    const micros = Math.floor((now - seconds * 1000) * 1000)
    const aor = useDomain ? contact.aor : `${contact.aor}@${config.ka_domain}`
    const hash = hashText(contact.aor)
    const time = `${seconds.toString(16)}-${micros.toString(16)}`
    const tag = `${contact.ruid}-${hash.toString(16)}-${time}-${n}.1`
    const route = contact.path === '' ? '' : `Route: ${contact.path}\r\n`
    return (
      `${config.ka_method} ${contact.uri} SIP/2.0\r\n` +
      `${socket.viaPrefix}z9hG4bKx.${n}.1.0\r\n` +
      `${route}From: <${config.ka_from}>;tag=${tag}\r\nTo: <sip:${aor}>\r\n` +
      `Call-ID: ${CALL_ID_START}${core.random.hex(8)}-${process.pid.toString(16)}-${n}.1\r\n` +
      `CSeq: 80 ${config.ka_method}\r\nContent-Length: 0\r\n\r\n`
    )
  }

  /** Is this reply the answer to a keepalive? Then it is dealt with. */
  private take(msg: SipMessage): boolean {
    const { config, core } = this.owner
    if (msg.method !== config.ka_method || !msg.callId.startsWith(CALL_ID_START)) return false
    const words = (msg.from?.tag ?? '').split('-')
    if (words.length < 8) return false
    const [hash, seconds, micros] = words.slice(-4, -1).map(word => Number.parseInt(word, 16))
    const ruid = words.slice(0, -4).join('-')
    const trip = Math.round(core.clock.now() * 1000) - (seconds! * 1_000_000 + micros!)
    if (!(trip >= 0)) return true
    for (const table of this.owner.tables()) {
      const record = table.store.findByRuid(hash!, ruid)
      if (record === 0) continue
      table.store.answered(record, this.owner.now(), trip)
      if (config.ka_loglevel !== NO_LOG && core.log.enabled(config.ka_loglevel)) {
        const whole = Math.floor(trip / 1_000_000)
        const rest = String(trip % 1_000_000).padStart(6, '0')
        const text = `keepalive roundtrip: ${whole}.${rest} sec - ruid [${ruid}]`
        core.log.write(config.ka_loglevel, 'usrloc', text + (this.logMessage?.(msg) ?? ''))
      }
      break
    }
    return true
  }
}
