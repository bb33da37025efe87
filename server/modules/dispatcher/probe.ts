/** Asks destinations whether they are there. */
import { findParam } from '../../sip/uri.ts'
import { LOCAL_COMPLETED } from '../tm/api.ts'
import { socketAt, socketNamed } from './build.ts'
import { updateLatency } from './congestion.ts'
import type { Destination } from './destination.ts'
import type { Cause, Dispatcher } from './dispatcher.ts'
import { DISABLED, INACTIVE, NO_DNS, PROBING, TRYING } from './states.ts'

// ---- ds_probing_mode
const NONE = 0
export const ALL = 1
const ONLY_INACTIVE = 2
const ONLY_FLAGGED = 3

/** Kamailio's CSeq of pings. */
const CSEQ = 10

export class Probe {
  /** An operator may switch it off (dispatcher.ping_active). */
  active = 1
  private readonly self: Dispatcher
  /** ds_ping_reply_codes, read when it has changed. */
  private codesText = ''
  private codes: readonly number[] = []

  constructor(self: Dispatcher) {
    this.self = self
  }

  pingAll(): void {
    if (this.active === 0) return
    for (const set of this.self.sets.all)
      for (const one of set.list) if (this.isAsked(one)) this.ping(set.id, one)
  }

  private isAsked({ flags }: Destination): boolean {
    if ((flags & (DISABLED | NO_DNS)) !== 0) return false
    const mode = this.self.config.ds_probing_mode
    if (mode === ALL) return true
    if ((flags & PROBING) === 0) return false
    return mode !== ONLY_INACTIVE || (flags & INACTIVE) !== 0
  }

  private ping(set: number, one: Destination): void {
    const { config, tm, core } = this.self
    const { attributes, uri } = one
    const proxy = attributes.obproxy ?? config.outbound_proxy
    const { sockname, socket } = attributes
    one.latency.started = this.self.now()
    const sent = tm!.request({
      method: config.ds_ping_method,
      uri,
      from: `<${attributes.pingFrom || config.ds_ping_from}>`,
      to: `<${uri}>`,
      cseq: CSEQ,
      ...(proxy === '' ? {} : { nextHop: proxy }),
      socket:
        sockname !== null
          ? socketNamed(core, sockname)
          : socket !== null
            ? socketAt(core, socket)
            : this.self.fallbackSocket,
      events: LOCAL_COMPLETED,
      callback: (_event, _transaction, _request, reply, code) =>
        this.answered(set, uri, code, reply?.reason ?? null),
    })
    if (sent !== null) return
    this.self.error(`unable to ping [${uri}] in group [${set}]`)
    this.silent(set, uri, { code: 500, reason: 'Sending keepalive failed' })
  }

  private answered(set: number, uri: string, code: number, reason: string | null): void {
    const { self } = this
    const mode = self.config.ds_probing_mode
    const found = self.sets.find(set)
    const one = found?.find(uri) ?? null
    // It may have been taken off the list or disabled meanwhile.
    if (found === null || one === null) return
    if (self.config.ds_ping_latency_stats !== 0) updateLatency(self, found, one, code)
    if (mode === ONLY_FLAGGED && (one.flags & PROBING) === 0) return
    if ((one.flags & DISABLED) !== 0) return
    if ((code < 200 || code > 299) && !this.isLife(code)) {
      this.silent(set, uri, { code, reason })
      return
    }
    const probed = mode === ALL || (mode === ONLY_FLAGGED && (one.flags & PROBING) !== 0)
    self.updateState(set, uri, probed ? PROBING : 0, { code, reason }, null)
  }

  private silent(set: number, uri: string, cause: Cause): void {
    const { self } = this
    const state = TRYING | (self.config.ds_probing_mode === NONE ? 0 : PROBING)
    self.updateState(set, uri, state, cause, null)
  }

  /** Does a reply with this status count, which is no 2xx? */
  private isLife(code: number): boolean {
    const text = this.self.config.ds_ping_reply_codes
    if (text !== this.codesText) {
      this.codesText = text
      this.codes = readCodes(text)
    }
    return this.codes.includes(code) || this.codes.includes(Math.floor(code / 100))
  }
}

/** `class=3;code=404`: classes are numbers below 10. */
function readCodes(text: string): number[] {
  const codes: number[] = []
  for (const part of text.split(';')) {
    const code = Number(findParam(part, 'code') ?? Number.NaN)
    const group = Number(findParam(part, 'class') ?? Number.NaN)
    if (code >= 100 && code < 700) codes.push(code)
    if (group >= 1 && group < 7) codes.push(group)
  }
  return codes
}
