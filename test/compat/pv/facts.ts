// Facts about pseudo-variables: what an expression is, for a message, after some statements.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SERVER_PORT } from '../../kit/bench-ports.ts'

export const FOLDER = import.meta.dirname

export interface Fact {
  /** Name of a file in messages/. */
  message: string
  /** Statements of the routing language that run first. */
  before?: string[]
  expression: string
  /** int, str or null, as typeof() says. */
  type: string
  /** As xlog prints it; bytes as latin1 characters. */
  value: string
  /** Where we differ on purpose: what we give, and why. */
  ours?: { type: string; value: string }
  why?: string
}

export interface Facts {
  origin: string
  facts: Fact[]
}

/** A message as it was sent: its file with CR LF line ends. */
export function messageText(name: string): string {
  return readFileSync(join(FOLDER, 'messages', `${name}.sip`), 'latin1').replaceAll('\n', '\r\n')
}

const MODULES = ['kex', 'corex', 'pv', 'xlog', 'textopsx']

const HEAD = `
debug=0
log_stderror=yes
fork=yes
children=1
tcp_children=1
auto_aliases=no
alias="example.org"
server_id=7
listen=udp:127.0.0.1:${SERVER_PORT} name "main"
listen=udp:127.0.0.1:${SERVER_PORT + 1} advertise 203.0.113.9:5070 name "second"
stats_name_separator = ":"
pstn.gw_ip = "192.0.2.7" desc "PSTN GW Address"
pstn.gw_port = 5080 desc "PSTN GW Port"

`

const CONTROL = `
request_route {
  if ($rd == "control") { $shv(n) = $(rU{s.int}); exit; }
  route("F" + $shv(n));
}
reply_route {
  route("F" + $shv(n));
}
`

/**
 * The routes: one for each fact, because what stands before an expression may change the message.
 */
export function config(facts: Fact[]): string {
  const lines = [HEAD]
  for (const name of MODULES) lines.push(`loadmodule "${name}.so"`)
  lines.push(`modparam("pv", "shvset", "level=i:3")`, `modparam("pv", "varset", "given=s:text")`)
  lines.push(`modparam("pv", "avp_aliases", "email=s:email_addr;tmp=i:100")`, CONTROL)
  facts.forEach((fact, number) => {
    lines.push(`route[F${number}] {`, '  $var(type) = "";')
    for (const line of fact.before ?? []) lines.push(`  ${line}`)
    const quoted = JSON.stringify(fact.expression)
    for (const type of ['int', 'str', 'null'])
      lines.push(`  if (typeof(${quoted}, "${type}")) { $var(type) = "${type}"; }`)
    const marked = JSON.stringify(`FACT ${number} $var(type) >>${fact.expression}<<END\n`)
    lines.push(`  xlog("L_ERR", ${marked});`, '}')
  })
  return `${lines.join('\n')}\n`
}

/** Selects the fact that the next message is for. */
export const select = (number: number): string =>
  [
    `OPTIONS sip:${number}@control SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK${number}`,
    'From: <sip:a@b>;tag=1',
    'To: <sip:a@b>',
    `Call-ID: ${number}`,
    'CSeq: 1 OPTIONS\r\n\r\n',
  ].join('\r\n')
