// Core parameters: what they change on the wire and for the script.
import { type Case, type Parts, PHONES, reply, request, SECOND, SERVER } from '../case.ts'

const RELAY = `request_route {
  if ($rU == "reply") { sl_send_reply("200", "OK"); exit; }
  if ($rU == "treply") { t_newtran(); t_reply("480", "Gone"); exit; }
  if ($rU == "relay") { t_relay(); exit; }
  if ($rU == "rr") { record_route(); t_relay(); exit; }
  if ($rU == "tcp") { forward_tcp(127.0.0.1, ${PHONES.b}); exit; }
  forward();
}`

/** A request to a user of phone b, who decides what becomes of it. */
const to = (user: string, parts: Parts = {}, method = 'OPTIONS'): { send: string } => ({
  send: request(method, { uri: `sip:${user}@127.0.0.1:${PHONES.b}`, ...parts }),
})
const LONG = 'x'.repeat(700)
const uac = {
  rpc: 'tm.t_uac_start',
  params: [
    'OPTIONS',
    `sip:bob@127.0.0.1:${PHONES.b}`,
    '.',
    '.',
    'From: <sip:a@b>\r\nTo: <sip:c@d>\r\nCall-ID: uac\r\nCSeq: 1 OPTIONS\r\n',
    '',
  ],
}
const one = (
  name: string,
  globals: string,
  steps: Case['steps'],
  more: Partial<Case> = {},
): Case => ({
  name,
  globals,
  routes: RELAY,
  steps,
  ...more,
})

const headers: readonly Case[] = [
  one(
    'server_header and user_agent_header',
    'server_header="Server: mine"\nuser_agent_header="User-Agent: me"',
    [to('reply'), to('treply'), uac],
  ),
  one('server_header without a name', 'server_header="just text"', [to('reply')]),
  one('server_signature off', 'server_signature=no', [to('reply'), to('treply'), uac]),
  one('sip_warning', 'sip_warning=yes', [
    to('reply'),
    to('treply'),
    to('relay', { uri: 'sip:relay@127.0.0.1:1' }),
  ]),
]

const vias: readonly Case[] = [
  one('force_rport', 'force_rport=yes', [
    to('plain'),
    to('reply'),
    to('relay'),
    to('reply', { via: 'SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKt77' }),
    uac,
  ]),
  one('rport in the Via', '', [
    ...[
      'rport;branch=z9hG4bKt1',
      'branch=z9hG4bKt2;rport',
      'branch=z9hG4bKt3;rport;x=1',
      'rport=9;branch=z9hG4bKt4',
      'received=1.2.3.4;branch=z9hG4bKt5;rport',
    ].flatMap(end =>
      ['plain', 'reply'].map(user => to(user, { via: `SIP/2.0/UDP 127.0.0.1:${PHONES.a};${end}` })),
    ),
  ]),
  one('local_rport', 'local_rport=yes', [to('plain'), to('relay'), to('tcp'), uac]),
  one('advertised_address and _port', 'advertised_address="203.0.113.9"\nadvertised_port=99', [
    to('plain'),
    to('relay'),
    to('rr'),
    to('reply'),
    uac,
  ]),
  one('advertised_address without quotes', 'advertised_address=203.0.113.9', [
    to('plain'),
    to('rr'),
  ]),
  one(
    'listen advertise and advertised_address',
    'advertised_address="203.0.113.9"',
    [to('plain'), to('rr')],
    {
      listen: [`udp:127.0.0.1:${SERVER} advertise 198.51.100.7:5070`],
    },
  ),
  one('reply_to_via off', 'reply_to_via=no', [
    to('reply', { via: `SIP/2.0/UDP 127.0.0.2:${PHONES.c};branch=z9hG4bKt1` }),
    to('treply', { via: `SIP/2.0/UDP 127.0.0.2:${PHONES.c};branch=z9hG4bKt2` }),
    to('reply', { via: `SIP/2.0/UDP 127.0.0.1:${PHONES.c};branch=z9hG4bKt3` }),
    to('reply', { via: `SIP/2.0/UDP 127.0.0.1:${PHONES.c};rport;branch=z9hG4bKt4` }),
  ]),
  one('reply_to_via', 'reply_to_via=yes', [
    to('reply', { via: `SIP/2.0/UDP 127.0.0.2:${PHONES.c};branch=z9hG4bKt1` }),
    to('treply', { via: `SIP/2.0/UDP 127.0.0.2:${PHONES.c};branch=z9hG4bKt2` }),
    to('reply', { via: `SIP/2.0/UDP 127.0.0.1:${PHONES.c};branch=z9hG4bKt3` }),
    to('reply', { via: `SIP/2.0/UDP 127.0.0.1:${PHONES.c};rport;branch=z9hG4bKt4` }),
    to('reply', { via: `SIP/2.0/UDP localhost:${PHONES.c};branch=z9hG4bKt5` }),
  ]),
  one('check_via off', 'check_via=no', [
    { send: reply('200 OK'), from: 'b' },
    { send: reply('200 OK', { via: 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKt1' }), from: 'b' },
    { send: reply('200 OK', { via: 'SIP/2.0/UDP example.net:5099;branch=z9hG4bKt1' }), from: 'b' },
  ]),
  one('check_via', 'check_via=yes', [
    { send: reply('200 OK'), from: 'b' },
    { send: reply('200 OK', { via: 'SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKt1' }), from: 'b' },
    {
      send: reply('200 OK', { via: `SIP/2.0/TCP 127.0.0.1:${SERVER};branch=z9hG4bKt1` }),
      from: 'b',
    },
  ]),
  one(
    'advertised address of a stateless reply',
    'advertised_address="203.0.113.9"\nadvertised_port=99',
    [{ send: reply('200 OK', { via: 'SIP/2.0/UDP 203.0.113.9:99;branch=z9hG4bKt1' }), from: 'b' }],
  ),
]

const sizes: readonly Case[] = [
  one('udp_mtu with udp_mtu_try_proto', 'udp_mtu=600\nudp_mtu_try_proto=TCP', [
    to('plain'),
    to('plain', { body: LONG }),
    to('relay'),
    to('relay', { body: LONG }),
    to('rr', { body: LONG }),
  ]),
  one('udp_mtu alone', 'udp_mtu=600', [to('plain', { body: LONG }), to('relay', { body: LONG })]),
  one(
    'udp_mtu_try_proto() of the script',
    'udp_mtu=600',
    [to('plain', { body: LONG }), to('relay', { body: LONG })],
    {
      routes: RELAY.replace('request_route {', 'request_route { udp_mtu_try_proto(TCP);'),
    },
  ),
  one(
    'udp_mtu_try_proto() over the parameter',
    'udp_mtu=600\nudp_mtu_try_proto=TCP',
    [to('plain', { body: LONG }), to('relay', { body: LONG })],
    {
      routes: RELAY.replace('request_route {', 'request_route { udp_mtu_try_proto(UDP);'),
    },
  ),
]

const connections: readonly Case[] = [
  one('tcp_no_connect', 'tcp_no_connect=yes', [to('tcp')]),
  one(
    'set_forward_no_connect',
    '',
    [to('tcp'), to('relay', { uri: `sip:relay@127.0.0.1:${PHONES.b};transport=tcp` })],
    {
      routes: RELAY.replace('request_route {', 'request_route { set_forward_no_connect();'),
    },
  ),
  one(
    'set_forward_close',
    '',
    [to('tcp'), to('relay', { uri: `sip:relay@127.0.0.1:${PHONES.c};transport=tcp` })],
    {
      routes: RELAY.replace('request_route {', 'request_route { set_forward_close();'),
    },
  ),
  one(
    'set_reply_close',
    '',
    [{ stream: request('OPTIONS', { transport: 'TCP', uri: 'sip:reply@h' }) }],
    {
      routes: RELAY.replace('request_route {', 'request_route { set_reply_close();'),
    },
  ),
  one('a connection is used again by its port only', '', [
    { stream: request('OPTIONS', { transport: 'TCP', uri: 'sip:reply@h' }), from: 'c' },
    to('relay', { uri: `sip:relay@127.0.0.1:${PHONES.c};transport=tcp` }),
  ]),
  one(
    'force_tcp_alias',
    '',
    [
      {
        stream: request('OPTIONS', { transport: 'TCP', uri: 'sip:reply@h', from: 'c' }),
        from: 'c',
      },
      to('relay', { uri: `sip:relay@127.0.0.1:${PHONES.c};transport=tcp` }),
    ],
    { routes: RELAY.replace('request_route {', 'request_route { force_tcp_alias();') },
  ),
  one(
    'force_tcp_alias(port)',
    '',
    [
      {
        stream: request('OPTIONS', { transport: 'TCP', uri: 'sip:reply@h', from: 'c' }),
        from: 'c',
      },
      to('relay', { uri: `sip:relay@127.0.0.1:${PHONES.c};transport=tcp` }),
      to('relay', { uri: 'sip:relay@127.0.0.1:7000;transport=tcp' }),
    ],
    { routes: RELAY.replace('request_route {', 'request_route { force_tcp_alias(7000);') },
  ),
  one('tcp_accept_aliases', 'tcp_accept_aliases=yes', [
    {
      stream: request('OPTIONS', {
        uri: 'sip:reply@h',
        from: 'c',
        via: `SIP/2.0/TCP 127.0.0.1:${PHONES.c};alias;branch=z9hG4bKt9`,
      }),
      from: 'c',
    },
    to('relay', { uri: `sip:relay@127.0.0.1:${PHONES.c};transport=tcp` }),
  ]),
  one('tcp_accept_aliases and a Via without alias', 'tcp_accept_aliases=yes', [
    { stream: request('OPTIONS', { transport: 'TCP', uri: 'sip:reply@h', from: 'c' }), from: 'c' },
    to('relay', { uri: `sip:relay@127.0.0.1:${PHONES.c};transport=tcp` }),
  ]),
  one('tcp_crlf_ping', '', [{ stream: '\r\n\r\n' }]),
  one('tcp_crlf_ping off', 'tcp_crlf_ping=no', [{ stream: '\r\n\r\n' }]),
  one('tcp_accept_no_cl off', '', [
    {
      stream: request('OPTIONS', { transport: 'TCP', uri: 'sip:reply@h' }).replace(
        'Content-Length: 0\r\n',
        '',
      ),
    },
  ]),
  one('tcp_accept_no_cl', 'tcp_accept_no_cl=yes', [
    {
      stream: request('OPTIONS', { transport: 'TCP', uri: 'sip:reply@h' }).replace(
        'Content-Length: 0\r\n',
        '',
      ),
    },
  ]),
  one('disable_tcp', 'disable_tcp=yes', [to('tcp'), to('plain')]),
]

const sockets: readonly Case[] = [
  one('two addresses', '', [to('plain'), to('relay'), { ...to('plain'), to: SECOND }], {
    listen: [`udp:127.0.0.2:${SERVER}`, `udp:127.0.0.1:${SERVER}`, `udp:127.0.0.1:${SECOND}`],
  }),
  one(
    'replies between two sockets',
    '',
    [
      { send: reply('200 OK'), from: 'b' },
      {
        send: reply('200 OK', { via: `SIP/2.0/UDP 127.0.0.1:${SECOND};branch=z9hG4bKt1` }),
        from: 'b',
        to: SECOND,
      },
      { ...to('reply'), to: SECOND },
      { ...to('treply'), to: SECOND },
      uac,
    ],
    { listen: [`udp:127.0.0.1:${SERVER}`, `udp:127.0.0.1:${SECOND}`] },
  ),
  one('mhomed', 'mhomed=yes', [to('plain'), to('relay'), { ...to('plain'), to: SECOND }], {
    listen: [`udp:127.0.0.2:${SERVER}`, `udp:127.0.0.1:${SERVER}`, `udp:127.0.0.1:${SECOND}`],
  }),
]

const limits: readonly Case[] = [
  {
    name: 'max_branches',
    globals: 'max_branches=4',
    routes: `request_route {
  $var(i) = 0;
  while ($var(i) < 6) {
    $var(r) = append_branch("sip:$var(i)@127.0.0.1:${PHONES.c}");
    xlog("L_ERR", "@ $var(i) $var(r) $branch(count)\\n");
    $var(i) = $var(i) + 1;
  }
  $var(r) = t_relay();
  xlog("L_ERR", "@ relay $var(r)\\n");
}`,
    steps: [to('plain')],
  },
  {
    name: 'max_while_loops',
    globals: 'max_while_loops=5',
    routes: `request_route { $var(i) = 0; while (1) $var(i) = $var(i) + 1; \
xlog("L_ERR", "@ $var(i)\\n"); }`,
    steps: [to('plain')],
  },
  {
    name: 'max_while_loops=0',
    globals: 'max_while_loops=0',
    routes: `request_route { $var(i) = 0; while ($var(i) < 500) $var(i) = $var(i) + 1; \
xlog("L_ERR", "@ $var(i)\\n"); }`,
    steps: [to('plain')],
  },
  {
    name: 'max_recursive_level',
    globals: 'max_recursive_level=10',
    routes: `request_route { $var(i) = 0; route(DEEP); xlog("L_ERR", "@ $var(i)\\n"); }
route[DEEP] { $var(i) = $var(i) + 1; route(DEEP); }`,
    steps: [to('plain')],
  },
]

const SHOWN =
  'xlog("L_ERR", "@ $ru | $rU | $rd | $rp | $(ru{uri.user}) | $(ru{uri.host}) | $hdr(X_Z) ' +
  '| $hdrc(X_Z)\\n");'
const reading = (name: string, globals: string, more: Partial<Case> = {}): Case => ({
  name,
  globals,
  routes: `request_route { ${SHOWN} }`,
  steps: [
    to('plain', { uri: 'sip:+49(30)1;ext=5@example.org;user=phone' }),
    to('plain', { uri: 'sip:123@under_score.example.org' }),
    to('plain', { uri: 'sip:123@st*r.example.org' }),
    to('plain', { headers: ['X(Y): one', 'X_Z: two'] }),
    to('plain', { headers: ['X Y: one'] }),
  ],
  ...more,
})

const parsing: readonly Case[] = [
  reading('reading as usual', ''),
  reading('phone2tel off', 'phone2tel=no'),
  reading('uri_host_extra_chars', 'uri_host_extra_chars="*"'),
  reading('uri_host_extra_chars _', 'uri_host_extra_chars="_"'),
  reading('hdr_name_extra_chars', 'hdr_name_extra_chars="()"'),
]

const http: readonly Case[] = ['', 'http_reply_hack=yes'].map(globals => ({
  name: `an HTTP reply ${globals}`,
  globals,
  routes: `request_route { xlog("L_ERR", "@ request $rm $ru\\n"); }
reply_route { xlog("L_ERR", "@ reply $rs $rr $rv\\n"); }`,
  steps: [
    { send: reply('200 OK').replace('SIP/2.0 200', 'HTTP/1.1 200') },
    { stream: reply('200 OK').replace('SIP/2.0 200', 'HTTP/1.1 200') },
    { send: 'HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 0\r\n\r\n' },
  ],
}))

export const params: readonly Case[] = [
  ...headers,
  ...vias,
  ...sizes,
  ...connections,
  ...sockets,
  ...limits,
  ...parsing,
  ...http,
]
