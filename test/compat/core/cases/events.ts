// Event routes of the core and of corex, and what a module sees of packets.
import { type Case, type Parts, PHONES, reply, request } from '../case.ts'

const to = (user: string, parts: Parts = {}, method = 'OPTIONS') => ({
  send: request(method, { uri: `sip:${user}@127.0.0.1:${PHONES.b}`, ...parts }),
})
const MAIN = `request_route {
  xlog("L_ERR", "@ request $rm $rU $si\\n");
  if ($rU == "reply") { sl_send_reply("200", "OK"); exit; }
  forward();
}
reply_route { xlog("L_ERR", "@ reply $rs\\n"); }
`

const STATEFUL = MAIN.replace('forward();', 't_relay();').replace(
  'if ($rU',
  'if ($rU == "treply") { t_newtran(); t_reply("480", "Gone"); exit; }\n  if ($rU',
)

const received = (globals: string, name: string, body: string): Case => ({
  name: `core:msg-received ${globals} ${name}`,
  globals,
  routes: `${MAIN}event_route[core:msg-received] { ${body} }`,
  steps: [
    to('reply'),
    { send: reply('200 OK'), from: 'b' },
    { send: 'garbage garbage garbage garbage\r\n\r\n' },
    { send: '\r\n\r\n' },
  ],
})
const RCV = ['srcip', 'srcport', 'rcvip', 'rcvport', 'proto', 'sproto', 'af', 'len']

const receivedRoutes: readonly Case[] = [
  received('', 'off', 'xlog("L_ERR", "@ received\\n");'),
  received(
    'received_route_mode=1',
    'shows',
    `xlog("L_ERR", "@ received ${RCV.map(key => `$rcv(${key})`).join(' ')}\\n"); \
xlog("L_ERR", "@ $(rcv(buf){s.substr,0,20}) $si $rm\\n");`,
  ),
  received(
    'received_route_mode=1',
    'drops',
    'if ($(rcv(len)) > 250) drop; xlog("L_ERR", "@ kept\\n");',
  ),
  received('received_route_mode=1', 'exits', 'exit;'),
  received('received_route_mode=1', 'returns 0', 'return 0;'),
  received('received_route_mode=1', 'returns -1', 'return -1;'),
  received('received_route_mode=2', 'two', 'xlog("L_ERR", "@ received\\n");'),
]

const pre = (name: string, body: string): Case => ({
  name: `core:pre-routing ${name}`,
  routes: `${MAIN}event_route[core:pre-routing] { xlog("L_ERR", "@ pre $rm $rs $rU\\n"); ${body} }`,
  steps: [to('reply'), to('plain'), { send: reply('200 OK'), from: 'b' }],
})

const parse = (name: string, body: string): Case => ({
  name: `core:receive-parse-error ${name}`,
  globals: 'sip_parser_log=9\ncorelog=9',
  routes: `${MAIN}event_route[core:receive-parse-error] { ${body} }`,
  steps: [
    { send: request('OPTIONS').replace(/Via: .*\r\n/, 'Via: nonsense\r\n') },
    { send: request('OPTIONS').replace('OPTIONS sip', 'OPTIONS  sip') },
    { send: request('OPTIONS').replace(/Via: .*\r\n/, '') },
    { send: request('OPTIONS').replace(/From: .*\r\n/, '') },
    { send: 'garbage garbage garbage garbage\r\n\r\n' },
    { send: 'SIP/2.0 2x0 OK\r\nVia: nonsense\r\n\r\n' },
  ],
})

const start: Case = {
  name: 'events at start',
  log: 'all',
  routes: `${MAIN}
event_route[core:worker-one-init] { $shv(init) = $shv(init) + 1; $shv(order) = $shv(order) + "w"; }
event_route[core:modinit-before] { $shv(before) = $shv(before) + 1; }
event_route[tm:local-request] { xlog("L_ERR", "@ local $rm\\n"); }
request_route { exit; }`.replace(MAIN, ''),
  steps: [
    { rpc: 'pv.shvGet', params: ['init'] },
    { rpc: 'pv.shvGet', params: ['before'] },
  ],
}

const network: readonly Case[] = [
  {
    name: 'network:msg in and out',
    globals:
      'modparam("corex", "nio_intercept", 1)\nmodparam("corex", "nio_min_msg_len", 32)\n' +
      'modparam("corex", "nio_msg_avp", "$avp(s:nio)")',
    routes: `${MAIN}event_route[network:msg] {
  if (is_incoming()) xlog("L_ERR", "@ in $(mb{s.substr,0,30}) | $rm | $ml | $si | $(rcv(len))\\n");
  else xlog("L_ERR", "@ out $(mb{s.substr,0,30}) | $ml | $snd(port)\\n");
}`,
    steps: [to('reply'), to('plain'), { send: '\r\n\r\n' }, { send: 'short\r\n\r\n' }],
  },
  {
    name: 'network:msg changes',
    globals:
      'modparam("corex", "nio_intercept", 1)\nmodparam("corex", "nio_msg_avp", "$avp(s:nio)")',
    routes: `${MAIN}event_route[network:msg] {
  if (is_incoming()) $avp(s:nio) = $(mb{s.replace,plain,changed});
  else $avp(s:nio) = $(mb{s.replace,Max-Forwards,X-Forwards});
}`,
    steps: [to('reply'), to('plain')],
  },
  {
    name: 'network:msg drops',
    globals:
      'modparam("corex", "nio_intercept", 1)\nmodparam("corex", "nio_msg_avp", "$avp(s:nio)")',
    routes: `${MAIN}event_route[network:msg] { xlog("L_ERR", "@ msg\\n"); \
if (!is_incoming()) drop; }`,
    steps: [to('reply'), to('plain')],
  },
  {
    name: 'corex:reply-out',
    globals: 'modparam("corex", "evcb_reply_out", "x")',
    routes: `${STATEFUL}
event_route[corex:reply-out] { \
xlog("L_ERR", "@ out $rm $rs $(snd(buf){s.substr,0,20}) $sndto(port) $snd(len)\\n"); }`,
    steps: [
      to('reply'),
      to('treply'),
      { send: reply('200 OK'), from: 'b' },
      to('plain'),
      { answer: 'b', status: '180 Ringing' },
      { answer: 'b', status: '200 OK' },
    ],
  },
  {
    name: 'corex:reply-out drop',
    globals: 'modparam("corex", "evcb_reply_out", "x")',
    routes: `${MAIN}
event_route[corex:reply-out] { xlog("L_ERR", "@ out $rs\\n"); drop; }`,
    steps: [to('reply'), { send: reply('200 OK'), from: 'b' }],
  },
]

export const events: readonly Case[] = [
  ...receivedRoutes,
  pre('shows', ''),
  pre('drops', 'if ($rU == "plain" || $rs == 200) drop;'),
  pre('exits', 'exit;'),
  pre('returns', 'return 0;'),
  parse(
    'shows',
    'xlog("L_ERR", "@ $err.class | $err.level | $err.info | $err.rcode | $err.rreason | $si ' +
      '| $rm | $(mb{s.len})\\n");',
  ),
  parse('answers', 'sl_send_reply("400", "Bad");'),
  start,
  ...network,
]
