// What is told to the real Kamailio, and what it made of it, beside this file.
import { MORE_FACTS } from './more-facts.ts'
import type { StoryName } from './stories.ts'
import { PORTS } from './story.ts'

export interface Fact {
  name: string
  story: StoryName
  modules?: string[]
  params: Record<string, Record<string, string | number>>
  /** What the script does with what begins a dialog; by default it relays it. */
  relay?: string
  /** What the script does with what is inside of one before it relays it. */
  inside?: string
  /** More blocks of the script. */
  routes?: string
  /** What the script and the tables have is not compared: README.md says why. */
  only?: 'heard'
  /** Something of it is not hidden: no message that can be stripped, or left to the script. */
  open?: boolean
  transcript?: string[]
  /** What lies in the tables behind it. */
  tables?: Record<string, Record<string, string | number | null>[]>
  /** What lies in Redis behind it. */
  hashes?: Record<string, Record<string, string>>
}

export const MODULES = ['tm', 'sl', 'rr', 'pv', 'xlog', 'siputils', 'maxfwd', 'textops']

/** Who takes his time is not asked again. */
export const BASE_PARAMS: Fact['params'] = {
  rr: { append_fromtag: 1 },
  tm: { retr_timer1: 4000, retr_timer2: 4000 },
}

export const ROUTES = `
request_route {
  xlog("L_ALERT", "@@request $rm $ru $ci $hdrc(Via) $hdr(Route) $hdr(TH)\\n");
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  if (is_method("OPTIONS")) { sl_send_reply("200", "Here"); exit; }
  if (has_totag()) {
    if (is_method("ACK") && !loose_route()) { t_check_trans(); exit; }
    loose_route();
    t_relay();
    exit;
  }
  record_route();
  t_relay();
}
reply_route { xlog("L_ALERT", "@@reply $rs $rm $ci $hdrc(Via) $hdr(Contact) $hdr(TH)\\n"); }
`

/** The script of a fact. */
export const routesOf = (fact: Fact): string =>
  (
    ROUTES.replace(
      'record_route();\n  t_relay();',
      () => `record_route();\n  ${fact.relay ?? 't_relay();'}`,
    ).replace(
      '    loose_route();\n    t_relay',
      () => `    ${fact.inside ?? 'loose_route();'}\n    t_relay`,
    ) + (fact.routes ?? '')
  ).replaceAll('CAROL', String(PORTS.carol))

const EVENTS = `
event_route[topoh:msg-outgoing] { xlog("L_ALERT", "@@outgoing $rm to $snd(ip):$snd(port)\\n"); }
event_route[topoh:msg-sending] { xlog("L_ALERT", "@@sending $rm $ci $hdr(TH)\\n"); }
`

const topoh: Fact[] = [
  { name: 'as it comes', story: 'call', params: {} },
  {
    name: 'Call-ID and all',
    story: 'call',
    params: { topoh: { mask_callid: 1, mask_key: 'one more key', uri_prefix_checks: 1 } },
  },
  {
    name: 'other names, and event routes',
    story: 'call',
    routes: EVENTS,
    params: {
      topoh: {
        mask_callid: 1,
        mask_ip: '10.9.9.9',
        uparam_name: 'u',
        uparam_prefix: 'p-',
        vparam_name: 'v',
        vparam_prefix: 'w',
        callid_prefix: 'C*',
      },
    },
  },
  { name: 'cancelled', story: 'cancelled', params: { topoh: { mask_callid: 1 } } },
  {
    name: 'REFER, Replaces, answers of the server',
    story: 'referred',
    params: { topoh: { mask_callid: 1 } },
  },
  {
    name: 'two Record-Routes',
    story: 'call',
    params: { topoh: { mask_callid: 1 }, rr: { append_fromtag: 1, enable_double_rr: 2 } },
  },
]
for (const fact of topoh) fact.modules = ['topoh']

const XAVU = `
event_route[topos:msg-outgoing] {
  $xavu(_tps_=>a_user) = "caller";
  $xavu(_tps_=>b_user) = "callee";
  $xavu(_tps_=>host) = "example.org";
}
`

const TOPOS_EVENTS = ['incoming', 'receiving', 'outgoing', 'sending']
  .map(name => `event_route[topos:msg-${name}] { xlog("L_ALERT", "@@${name} $rm $ci\\n"); }`)
  .join('\n')

const topos: Fact[] = [
  { name: 'as it comes', story: 'call', routes: TOPOS_EVENTS, params: {} },
  { name: 'cancelled', story: 'cancelled', params: {} },
  { name: 'REFER, Replaces, answers of the server', story: 'referred', params: {} },
  {
    name: 'two Record-Routes',
    story: 'call',
    params: { rr: { append_fromtag: 1, enable_double_rr: 2 } },
  },
  {
    name: 'the user stays, another host, a context',
    story: 'call',
    params: {
      topos: { contact_mode: 1, contact_host: 'example.org', cparam_name: 'key', context: 'out' },
    },
  },
  {
    name: 'users and host of a variable',
    story: 'call',
    routes: XAVU,
    params: {
      topos: {
        contact_mode: 2,
        xavu_cfg: '_tps_',
        xavu_field_a_contact: 'a_user',
        xavu_field_b_contact: 'b_user',
        xavu_field_contact_host: 'host',
      },
    },
  },
]
for (const fact of topos) fact.modules = ['db_sqlite', 'topos']

const topos_redis: Fact[] = [
  { name: 'a call', story: 'call', params: {} },
  { name: 'cancelled', story: 'cancelled', params: { topos: { context: 'out' } } },
]
for (const fact of topos_redis) fact.modules = ['ndb_redis', 'topos', 'topos_redis']

export const FACTS: Record<string, Fact[]> = { topoh, topos, topos_redis, ...MORE_FACTS }

/** What both servers are told of the Redis server. */
export const redisParams = (port: number, fact: Fact): Fact['params'] => ({
  ndb_redis: { server: `name=srv1;addr=127.0.0.1;port=${port};db=0` },
  topos_redis: { serverid: 'srv1' },
  topos: { ...fact.params.topos, storage: 'redis' },
})

/** Branches and tags that a server makes are its own affair. */
export const masked = (text: string): string =>
  text
    .replace(/^(b:x:)z9hG4bK[0-9a-f.]+|^z9hG4bK[0-9a-f.]+\.\d+$/i, '$1OURS')
    .replace(/([a-cx]tpsh-)[\w-]{10,}/gi, '$1UUID')
    .replace(/tag=[0-9a-f]{32}[-.][0-9a-f]+/g, 'tag=OURS')
    .replace(/(SIP\/2\.0\/UDP 127\.0\.0\.1:25070;branch=)z9hG4bK[0-9a-f.]+/gi, '$1OURS')

/** Of what is said at length only the first line is kept: the rest is made of what was heard. */
export const keptOf = (file: string, transcript: string[]): string[] =>
  file.endsWith('-more')
    ? transcript.map(line => (/^\w+ says /.test(line) ? line.split('\r\n', 1)[0]! : line))
    : transcript

/** How many messages were heard of each that was said. */
export function echoesOf(transcript: readonly string[]): number[] {
  const echoes: number[] = []
  for (const line of transcript)
    if (/^\w+ says /.test(line)) echoes.push(0)
    else if (/^\w+ hears /.test(line)) echoes[echoes.length - 1]!++
  return echoes
}
