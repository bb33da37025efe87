// Is an outcome of a torture message within what the RFC allows?
import { SipText } from '../kit/sip-text.ts'
import type { Message, Outcome } from './torture-messages.ts'

/** What the forwarded form of a message must be like, where forwarding is allowed only then. */
const FORWARDED: Record<string, (forwarded: SipText, sent: SipText, udp: boolean) => boolean> = {
  // The octets behind a datagram's message are no message.
  'dblreq.dat': ({ method }, _, udp) => !udp || method === 'REGISTER',
  'mpart01.dat': (forwarded, sent) => forwarded.body === sent.body,
  'ltgtruri.dat': ({ first }) => !first.includes('<'),
  'lwsstart.dat': ({ first }) => /^\S+ \S+ SIP\/2\.0$/.test(first),
  'trws.dat': ({ first }) => /^\S+ \S+ SIP\/2\.0$/.test(first),
  'escruri.dat': ({ first }) => !first.includes('?'),
  'quotbal.dat': forwarded => (forwarded.header('To').match(/"/g)?.length ?? 0) % 2 === 0,
  'baddn.dat': forwarded => /^("[^"]*"|[\w.!%*+`'~ -]*)\s*</.test(forwarded.header('From')),
  'wsinv.dat': ({ text }) => text.includes('UnknownHeaderWithUnusualValue: ;;,,;;,;'),
}

/** Over TCP a message whose end has not come is waited for. */
const WAITS_ON_TCP = new Set(['clerr.dat'])

/** The one thing that an outcome is: forward, a status code, closed or silence. */
export function nameOf(outcome: Outcome): string {
  if (outcome.forwarded.length > 0) return 'forward'
  if (outcome.codes.length > 0) return String(outcome.codes[0])
  return outcome.closed ? 'closed' : 'silence'
}

/** The outcome that INDEX.tsv records of Kamailio: codes, /closed, +fwd. */
export function recordedName(cell: string): string {
  if (cell.endsWith('+fwd')) return 'forward'
  const codes = cell.match(/\d{3}/g)?.filter(code => code !== '100') ?? []
  return codes[0] ?? (cell.endsWith('/closed') ? 'closed' : 'silence')
}

/** Whether the RFC allows an outcome of this name. */
export function allowed(message: Message, name: string, udp: boolean): boolean {
  const accepts = (word: string) => message.accepted.some(one => one.startsWith(word))
  if (name === 'forward') return accepts('forward')
  if (name === 'silence')
    return accepts('drop') || (!udp && WAITS_ON_TCP.has(baseOf(message)) && accepts('400'))
  if (name === 'closed') return accepts('error') || WAITS_ON_TCP.has(baseOf(message))
  return message.accepted.includes(name) || (accepts('error') && Number(name) >= 400)
}

/** What Kamailio 5.6.3 forwards as it came, though it must not go on so: seen, not recorded. */
export function kamailioForwardsBadly(message: Message): boolean {
  return ['trws.dat', 'escruri.dat'].includes(baseOf(message))
}

/** Whether what was forwarded has the form that it must have. */
export function wellForwarded(message: Message, outcome: Outcome, udp: boolean): boolean {
  const check = FORWARDED[baseOf(message)]
  const sent = new SipText(message.bytes)
  return outcome.forwarded.every(text => !check || check(new SipText(text), sent, udp))
}

function baseOf(message: Message): string {
  return message.file.split('/').at(-1) ?? ''
}
