// What is recorded of the real Kamailio's KSR, and with which modules.
import { PEER_PORT, SERVER_PORT } from '../../kit/bench-ports.ts'
import { type Case as MessageCase, encode, messageText } from '../textops/facts.ts'

export const FOLDER = import.meta.dirname
export { PEER_PORT, SERVER_PORT }

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
  /** Where Ohana differs on purpose: why, and what it gives, by the number of the call. */
  ours?: { why: string; values?: Record<number, Seen> } & Pick<Case, 'out' | 'answers'>
}

export interface Facts {
  origin: string
  cases: Case[]
}

/** The message of a case; its Call-ID tells which one it is. */
export const sourceOf = (one: Case, number: number): string =>
  messageText(one as unknown as MessageCase)
    .replace('Call-ID: c1', `Call-ID: case-${number}`)
    .replaceAll('127.0.0.1:27190', `127.0.0.1:${PEER_PORT}`)
    .replaceAll('127.0.0.1:27180', `127.0.0.1:${SERVER_PORT}`)

/** The settings that both servers have. */
export const HEAD = [
  `listen=udp:127.0.0.1:${SERVER_PORT} name "main"`,
  'alias=example.org',
  '#!define KEMI_TEXT "a text"',
  '#!define KEMI_NUMBER 12',
]
export const PARAMS = {
  counters: { script_counter: 'kemi' },
  usrloc: { preload: 'location' },
}
/** What kx.get_env("KEMI_ENV") is. */
export const ENVIRONMENT = '15'

/** The branch of our Via is another one each time. */
const unbranched = (text: string): string =>
  text.replace(/branch=z9hG4bK[0-9a-f]+\.[0-9a-f.]+/, 'branch=BRANCH')

/** What went out for a case: the forwarded request, and the answers. */
export function wentOut(texts: string[], one: Case, source: string): Pick<Case, 'out' | 'answers'> {
  const own = new RegExp(`Via: SIP/2\\.0/UDP 127\\.0\\.0\\.1:${SERVER_PORT};branch=BRANCH\\r\\n`)
  const request = texts.find(text => !text.startsWith('SIP/2.0'))
  const answers = texts.filter(text => text.startsWith('SIP/2.0'))
  return {
    ...((one.forwarded === true || request !== undefined) && {
      out: request === undefined ? null : encode(unbranched(request).replace(own, ''), source),
    }),
    ...(answers.length > 0 && { answers: answers.map(text => text.split('\r\n')[0]!) }),
  }
}
