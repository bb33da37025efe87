/** Is a text, a URI or a host with or without a port, a name of this node? */
import { parseUri } from '../sip/uri.ts'
import type { Sockets } from './sockets.ts'

const HOST_AND_PORT = /^(\[[^\]]*\]|[^:\s]+)(?::(\d{1,5}))?$/

export function isOurUri(sockets: Sockets, text: string): boolean {
  const uri = parseUri(text)
  return uri !== null && sockets.isMyself(uri.host, uri.portNumber, uri.transport)
}

/** Without a port in it, any port of ours will do. */
export function namesUs(sockets: Sockets, text: string): boolean {
  const uri = parseUri(text)
  if (uri !== null) return sockets.isMyself(uri.host, uri.portNumber, uri.transport)
  const found = HOST_AND_PORT.exec(text)
  return found !== null && sockets.isMyself(found[1]!, Number(found[2] ?? 0), 0)
}
