// Facts about watched destinations: a story, as the real Kamailio has told it.
import { PEER_PORT } from '../registrar/facts.ts'
import { TARGET_PORT } from '../rr/facts.ts'

export const FOLDER = import.meta.dirname

export interface Step {
  /** A function of the module with its arguments. */
  call?: string[]
  rpc?: string[]
  /** The destination answers its next ping so. */
  answer?: string
  /** Recorded: what the function returned, the command answered, or the event route logged. */
  returned?: string
  told?: unknown
  logged?: string[]
  /** Recorded: the ping, without what differs every time. */
  ping?: string
}

export interface Facts {
  origin: string
  steps: Step[]
}

export const PARAMS = { keepalive: { ping_interval: 1, destination: `127.0.0.1:${TARGET_PORT}` } }

export const calls = (steps: Step[]): string =>
  steps
    .flatMap(({ call }, number) => {
      if (call === undefined) return []
      const [name, ...args] = call
      const list = args.map(arg => JSON.stringify(arg)).join(', ')
      const mark = `xlog("L_ALERT", "@@$var(rc)\\n");`
      return [`if ($rU == "step${number}") { $var(rc) = ${name}(${list}); ${mark} exit; }`]
    })
    .join('\n  ')

export const EVENTS = `
event_route[keepalive:dst-up] { xlog("L_ALERT", "@@up $rm $ru\\n"); }
event_route[keepalive:dst-down] { xlog("L_ALERT", "@@down $rm $ru\\n"); }
`

export const request = (method: string, user: string, body = ''): string =>
  [
    `${method} sip:${user}@127.0.0.1 SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${PEER_PORT};branch=z9hG4bK${user}`,
    'From: <sip:bob@example.org>;tag=f1',
    'To: <sip:bob@example.org>',
    'Call-ID: c1',
    `CSeq: 1 ${method}`,
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n')

/** The reply of the destination to a ping. */
export function reply(ping: string, status: string): string {
  const copied = ping.split('\r\n').filter(line => /^(Via|From|To|Call-ID|CSeq):/.test(line))
  const lines = copied.map(line => (line.startsWith('To:') ? `${line};tag=t1` : line))
  return [`SIP/2.0 ${status}`, ...lines, 'Content-Length: 0', '', ''].join('\r\n')
}

const CHANGING = /(UDP 127\.0\.0\.1:|branch=|tag=|Call-ID: )[^\r;]*/g

export const masked = (ping: string): string =>
  ping.replace(CHANGING, '$1*').replace(/User-Agent: [^\r]*\r\n/, '')

/** Times differ; Kamailio has two of them the wrong way round. */
export const withoutTimes = (told: unknown): unknown =>
  JSON.parse(JSON.stringify(told).replace(/("last \w+":)"[^"]*"/g, '$1"*"'))
