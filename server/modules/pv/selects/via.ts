/** @via[i]: the i-th Via, counted from 1, from the last when negative. */
import { H_VIA } from '../../../sip/header-names.ts'
import { parseVia, type Via } from '../../../sip/header/via.ts'
import { BODY, BODY_END, type SipMessage, STRIDE } from '../../../sip/message.ts'
import { findParam } from '../../../sip/uri.ts'
import { branch, leaf, orNull, type Root } from './step.ts'

/** All Vias of a message, as far as they parse. */
function viasOf(msg: SipMessage): Via[] {
  const vias: Via[] = []
  for (let i = msg.find(H_VIA); i >= 0; i = msg.find(H_VIA, i + STRIDE)) {
    const end = msg.headers[i + BODY_END]!
    for (let at = msg.headers[i + BODY]!; at < end; at++) {
      const via = parseVia(msg.raw, at, end)
      if (via === null) return vias
      vias.push(via)
      at = via.end
      while (at < end && msg.raw.charCodeAt(at) !== 0x2c) at++
    }
  }
  return vias
}

const viaAt = (msg: SipMessage, index: number): Via | null =>
  index === 0 ? null : (viasOf(msg).at(index > 0 ? index - 1 : index) ?? null)

function viaRoot(index: number): Root {
  const part = (get: (via: Via) => string | null): Root =>
    leaf((_core, msg) => {
      const via = viaAt(msg, index)
      return via === null ? null : orNull(get(via))
    })
  const param = (name: string): Root => part(via => findParam(via.params, name))
  const whole = (_core: unknown, msg: SipMessage) => {
    const via = viaAt(msg, index)
    return via === null ? null : msg.raw.slice(via.start, via.end)
  }
  return branch(whole, {
    name: part(via => via.version.slice(0, via.version.indexOf('/'))),
    version: part(via => via.version.slice(via.version.indexOf('/') + 1)),
    transport: part(via => via.transport),
    host: part(via => via.host),
    port: part(via => (via.port === 0 ? null : String(via.port))),
    comment: part(() => null),
    branch: param('branch'),
    received: param('received'),
    rport: param('rport'),
    i: param('i'),
    alias: param('alias'),
    params: (step, rest) => {
      const name = step.keys[0] ?? rest[0]?.name
      const bare = { name: '', keys: [] }
      return name === undefined ? part(via => via.params)(bare, []) : param(String(name))(bare, [])
    },
  })
}

const via: Root = (step, rest) => {
  const [index = 1] = step.keys
  return typeof index === 'number' ? viaRoot(index)({ name: step.name, keys: [] }, rest) : null
}

export const viaSelects: Record<string, Root> = { via, v: via }
