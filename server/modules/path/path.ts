/** The instance: its configuration, and the next hop that a Path of ours has noted. */
import type { Core } from '../../core/core.ts'
import { BadValue, type ConfigOf, type ModuleEnv } from '../../core/module/index.ts'
import { isWellEscaped, unescape } from '../../sip/escapes.ts'
import type { SipMessage } from '../../sip/message.ts'
import { protoName, UDP } from '../../sip/transport.ts'
import { findParam } from '../../sip/uri.ts'
import type { OutboundApi } from '../outbound/api.ts'
import type { needs, params } from './path.module.ts'

/** Behind other listeners of rr there is nothing that needs the next hop. */
const PRIORITY = 0

export class Path {
  readonly config: ConfigOf<typeof params>
  /** null: no flows. */
  readonly outbound: OutboundApi | null
  private readonly core: Core

  constructor(env: ModuleEnv<typeof params, typeof needs>) {
    const { config, apis } = env
    this.config = config
    this.core = env.core
    this.outbound = apis.outbound
    if (config.use_received === 0) return
    if (apis.rr === null)
      throw new BadValue('path: use_received needs rr', 'add loadmodule "rr.so"')
    apis.rr.onRoute((msg, routeParams) => this.takeReceived(msg, routeParams), PRIORITY)
  }

  /** A Path of ours came back as Route: the request goes to the address that it has noted. */
  private takeReceived(msg: SipMessage, routeParams: string): void {
    const { received_name: name, received_format: form } = this.config
    const noted = unquoted(findParam(routeParams, name) ?? '')
    if (noted === '') return
    const uri = form === 0 ? fromEscaped(noted) : fromParts(noted)
    if (uri === null) {
      this.core.log.error(
        'path',
        form === 0 ? 'unescaping received failed' : 'invalid received format',
      )
      return
    }
    msg.setDstUri(uri)
  }
}

const unquoted = (text: string): string =>
  text.length > 1 && text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text

/** An escape may hide what no address has: it must not come into a request. */
function fromEscaped(text: string): string | null {
  if (!isWellEscaped(text)) return null
  const uri = unescape(text)
  for (let i = 0; i < uri.length; i++) if (uri.charCodeAt(i) < 0x20) return null
  return uri
}

/** `127.0.0.1~5060~2`; the transport by its number. */
function fromParts(text: string): string | null {
  const [host = '', port = '', number = '', ...more] = text.split('~')
  const proto = protoName(Number(number))
  const whole = more.length === 0 && host !== '' && number.length === 1
  const known = whole && /^\d{1,5}$/.test(port) && proto !== 'none'
  if (!known) return null
  return Number(number) === UDP ? `sip:${host}:${port}` : `sip:${host}:${port};transport=${proto}`
}
