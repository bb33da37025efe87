// The five modules that read and change messages, with a sl that keeps the answers and the few
// variables that cases use.
import { avpsOf } from '../../../../../server/core/avp.ts'
import type { Core, Formats } from '../../../../../server/core/core.ts'
import { ModuleHost } from '../../../../../server/core/host.ts'
import {
  type AnyModule,
  type Arg,
  type ConfigFunction,
  defineModule,
  NO_INDEX,
  type Pvar,
  type PvHandle,
  type PvValue,
} from '../../../../../server/core/module/index.ts'
import { defaultCoreParams } from '../../../../../server/core/params.ts'
import maxfwd from '../../../../../server/modules/maxfwd/maxfwd.module.ts'
import sanity from '../../../../../server/modules/sanity/sanity.module.ts'
import siputils from '../../../../../server/modules/siputils/siputils.module.ts'
import type { SlApi } from '../../../../../server/modules/sl/api.ts'
import textops from '../../../../../server/modules/textops/textops.module.ts'
import textopsx from '../../../../../server/modules/textopsx/textopsx.module.ts'
import { SipMessage } from '../../../../../server/sip/message.ts'
import { socketInfo, UDP } from '../../../../../server/sip/transport.ts'
import { received } from '../../../../kit/received.ts'
import { plainCore } from '../../../../kit/plain-core.ts'

const SURFACES = [textops, textopsx, siputils, sanity, maxfwd] as AnyModule[]

/** Stands in for sl: keeps the answers as texts. */
class Answers implements SlApi {
  readonly sent: string[] = []

  sendReply(msg: SipMessage, code: number, reason: string): number {
    const body = msg.replyBody
    const type = body === null ? '' : `Content-Type: ${body.contentType}\r\n`
    const head = `SIP/2.0 ${code} ${reason}\r\n${(msg.replyLumps ?? []).join('')}${type}`
    this.sent.push(`${head.slice(0, -2)}\r\n\r\n${body?.body ?? ''}`)
    return 1
  }
  reply(msg: SipMessage, code: number, reason: string): number {
    return this.sendReply(msg, code, reason)
  }
  errorReply(): number {
    return 1
  }
  localTag(): string {
    return ''
  }
}

const sl = defineModule({
  name: 'sl',
  doc: 'Keeps answers.',
  needs: {},
  params: {},
  instance: Answers,
})

export type StageParams = Record<string, Record<string, string | number>>

export class Stage {
  readonly core: Core
  private readonly sl: Answers
  private readonly host: ModuleHost
  private readonly vars = new Map<string, PvValue>()
  private readonly port: number

  constructor(port = 5060, params: StageParams = {}, now = Date.UTC(2026, 10, 21)) {
    this.port = port
    const socket = socketInfo(UDP, '127.0.0.1', port, null, '')
    const formats: Formats = {
      compile: text => msg => this.format(msg, text),
      pvar: text => this.pvar(text),
      target: text => this.pvar(text),
    }
    this.core = plainCore({
      clock: { now: () => now, monotonic: () => 0 },
      params: { ...defaultCoreParams(), debug: -10 },
      formats,
    })
    this.core.sockets.add(socket)
    this.host = new ModuleHost(this.core)
    const values = Object.entries(params).flatMap(([module, own]) =>
      Object.entries(own).map(([name, value]) => ({ module, name, value, at: '' })),
    )
    this.host.make([...SURFACES, sl] as AnyModule[], values)
    this.host.link()
    this.sl = this.host.instance('sl') as Answers
  }

  get answers(): string[] {
    return this.sl.sent
  }

  message(raw: string): SipMessage {
    const socket = socketInfo(UDP, '127.0.0.1', this.port, null, '')
    const at = { srcIp: '127.0.0.1', srcPort: 27190, dstPort: this.port, socket }
    return new SipMessage(raw, received(at), 1)
  }

  /** Calls a function as a script does. */
  call(msg: SipMessage, name: string, ...args: (string | number)[]): number {
    if (name === 'sl_send_reply') return this.sl.sendReply(msg, Number(args[0]), String(args[1]))
    for (const surface of SURFACES) {
      const row = surface.functions?.[name] as ConfigFunction<unknown> | undefined
      if (row === undefined) continue
      const values = args.map((arg, i) => this.argument(msg, row.args[i]!, arg))
      return row.run(this.host.instance(surface.name), msg, ...values)
    }
    throw new Error(`no function ${name}`)
  }

  private argument(msg: SipMessage, kind: Arg<unknown>, arg: string | number): unknown {
    if (kind.kind === 'text') return String(arg)
    if (kind.kind === 'pvar') return this.pvar(String(arg))
    if (kind.kind === 'parsed') {
      const text = kind.dynamic === true ? this.format(msg, String(arg)) : String(arg)
      return kind.parse!(text, this.core.formats)
    }
    const value = this.format(msg, String(arg))
    return kind.kind === 'int' ? Number(value) : value
  }

  set(msg: SipMessage, name: string, value: PvValue): void {
    this.pvar(name).set?.(msg, value)
  }

  read(msg: SipMessage, text: string): PvValue {
    // $(name{class.function,arguments})
    const found = /^\$\((.*?)\{(\w+)\.(\w+),(.*)\}\)$/.exec(text)
    if (found === null) return this.pvar(text).get(msg)
    const [, inner = '', group = '', own = '', args = ''] = found
    const row = SURFACES.map(surface => surface.transformations?.[group]?.[own]).find(Boolean)
    const value = this.pvar(`$${inner}`).get(msg)
    return row!.prepare!(args, this.core.formats)(msg, value)
  }

  private format(msg: SipMessage, text: string): string {
    return text.replaceAll(/\$\w+(?:\([^)]*\))?/g, name => String(this.read(msg, name) ?? '<null>'))
  }

  private pvar(text: string): PvHandle {
    const [, name = '', , inner = ''] = /^\$(\w+)(\(([^)]*)\))?$/.exec(text) ?? []
    if (name === 'avp') {
      const id = inner.replace(/^s:/, '')
      return {
        text,
        get: msg => avpsOf(msg).get(id) ?? null,
        set: (msg, value) => avpsOf(msg).push(id, value as string),
      }
    }
    if (name === 'var')
      return {
        text,
        get: () => this.vars.get(inner) ?? 0,
        set: (_, value) => this.vars.set(inner, value),
      }
    return { text, get: msg => this.variable(msg, name, inner), set: null }
  }

  private variable(msg: SipMessage, name: string, inner: string): PvValue {
    const own = ownVariables[name]
    if (own !== undefined) return own(msg, inner)
    for (const surface of SURFACES) {
      const row = surface.pvars?.[name] as Pvar<unknown> | undefined
      if (row === undefined) continue
      const key = row.parse === undefined ? inner : row.parse(inner)
      return row.get(this.host.instance(surface.name), msg, key, NO_INDEX)
    }
    throw new Error(`no variable $${name}`)
  }
}

/** The variables of other modules that the cases read. */
const ownVariables: Record<string, (msg: SipMessage, inner: string) => PvValue> = {
  ru: msg => (msg.sipUri === null ? null : msg.uri),
  ou: msg => msg.originalUri,
  rU: msg => msg.sipUri?.user ?? null,
  fU: msg => msg.from?.sipUri?.user ?? null,
  rs: msg => String(msg.status),
  rr: msg => msg.reason,
  rb: msg => msg.body,
  rm: msg => msg.method,
  ci: msg => msg.callId,
  cs: msg => msg.cseq?.text ?? null,
  cT: msg => bodyOfHeader(msg, 'Content-Type'),
  hdr: (msg, inner) => bodyOfHeader(msg, inner),
  si: msg => msg.received.srcIp,
}

function bodyOfHeader(msg: SipMessage, name: string): string | null {
  const index = msg.findNamed(name)
  return index < 0 ? null : msg.bodyAt(index)
}
