// What is recorded of the real Kamailio's KSR, and with which modules.
import { type Case as MessageCase, encode } from '../textops/facts.ts'

export const FOLDER = import.meta.dirname
export const SERVER_PORT = 25960
export const PEER_PORT = 25961

/** Modules of Kamailio that both have; each brings its functions. */
export const MODULES =
  'jsonrpcs ctl kex corex tm tmx sl rr pv maxfwd usrloc registrar textops textopsx siputils xlog'
    .concat(' sanity cfg_rpc acc counters xhttp kemix')
    .split(' ')

/** KSR.<name>(...arguments), the name without KSR. */
export type Call = [string, ...(string | number)[]]

/** What a script sees: null is Lua's nil. */
export type Seen = string | number | boolean | null | Seen[] | { [name: string]: Seen }

/** The message is one of compat/textops. */
export interface Case extends Pick<MessageCase, 'name' | 'reply' | 'replace' | 'without' | 'body'> {
  calls: Call[]
  /** Recorded: what each call gave. */
  values?: Seen[]
  /** The request is forwarded behind the calls. */
  forwarded?: boolean
  /** Recorded: the request as it went out (compat/textops). */
  out?: string[] | null
  /** Recorded: the first lines of what was answered. */
  answers?: string[]
  /** Where Ohana differs on purpose: why, and what it does. */
  ours?: { why: string } & Pick<Case, 'values' | 'out' | 'answers'>
}

export interface Facts {
  origin: string
  cases: Case[]
}

/** What went out for a case: the forwarded request, and the answers. */
export function wentOut(texts: string[], one: Case, source: string): Pick<Case, 'out' | 'answers'> {
  const own = new RegExp(
    `Via: SIP/2\\.0/UDP 127\\.0\\.0\\.1:${SERVER_PORT};branch=z9hG4bK[0-9a-f.]*\\r\\n`,
  )
  const request = texts.find(text => !text.startsWith('SIP/2.0'))
  const answers = texts.filter(text => text.startsWith('SIP/2.0'))
  return {
    ...((one.forwarded === true || request !== undefined) && {
      out: request === undefined ? null : encode(request.replace(own, ''), source),
    }),
    ...(answers.length > 0 && { answers: answers.map(text => text.split('\r\n')[0]!) }),
  }
}
