/** From rows to destinations: what makes one unusable is said here. */
import type { Core } from '../../core/core.ts'
import { BadValue } from '../../core/module/index.ts'
import { protoNumber, type SocketInfo } from '../../sip/transport.ts'
import { parseUri } from '../../sip/uri.ts'
import { readAttributes } from './attributes.ts'
import { Destination, type Row } from './destination.ts'

const SOCKET = /^(?:([a-z]+):)?(\[[^\]]*\]|[^:]+)(?::(\d+))?$/i

/** `udp:192.0.2.1:5060`, transport and port may be left out; null when it is not ours. */
export function findSocket(core: Core, text: string): SocketInfo | null {
  const found = SOCKET.exec(text)
  if (found === null) return null
  const [, proto, host, port] = found
  return core.sockets.find(host!, Number(port ?? 0), protoNumber(proto ?? ''))
}

/** Throws BadValue when it is not ours. */
export function socketAt(core: Core, text: string): SocketInfo {
  if (!SOCKET.test(text)) throw new BadValue(`bad socket <${text}>`)
  const socket = findSocket(core, text)
  if (socket === null) throw new BadValue(`non-local socket <${text}>`)
  return socket
}

export function socketNamed(core: Core, name: string): SocketInfo {
  const socket = core.sockets.named(name)
  if (socket === null) throw new BadValue(`non-local socket name <${name}>`)
  return socket
}

/** Throws BadValue when the row is none. `fallback`: the socket of rows that name none. */
export function destinationOf(
  core: Core,
  row: Row,
  fallback: SocketInfo | null,
  noneSet: boolean,
): Destination {
  let { uri } = row
  let parsed = parseUri(uri)
  if (parsed === null && !uri.startsWith('sip:')) {
    uri = `sip:${uri}`
    parsed = parseUri(uri)
    if (parsed !== null)
      core.log.info('dispatcher', `uri without sip scheme - fixing it: ${row.uri}`)
  }
  if (parsed === null || parsed.host === '') throw new BadValue(`bad uri [${row.uri}]`)
  const attributes = readAttributes(row.attributes, noneSet, text =>
    core.log.error('dispatcher', text),
  )
  const { socket, sockname } = attributes
  const from =
    sockname !== null
      ? socketNamed(core, sockname)
      : socket !== null
        ? socketAt(core, socket)
        : fallback
  return new Destination(row, uri, parsed, attributes, from)
}
