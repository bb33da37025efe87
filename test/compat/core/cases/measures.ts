// What the core measures and says, and how it writes addresses and telephone numbers.
import { type Case, request, SERVER } from '../case.ts'

const ask = (user = 'bob', uri = `sip:${user}@127.0.0.1:9`) => ({
  send: request('OPTIONS', { uri }),
})

/** Much longer than anything else takes, on a busy machine, too. */
const SLOW = 'usleep("30000");'

const actions = (name: string, globals: string, routes: string): Case => ({
  name,
  globals,
  modules: ['cfgutils'],
  routes,
  log: 'all',
  quietMs: 1000,
  steps: [ask()],
})
/** All waits of the script, and more. */
const PAUSE = { wait: 1000 } as const
const LIMIT = 'latency_limit_action=20000'
const ROUTES = `request_route {
  $var(x) = 1;
  ${SLOW}
  if ($var(x) == 1) {
    ${SLOW}
    route(SLOW);
  }
  if (usleep("30000")) { $var(x) = 2; }
  while ($var(x) == 2) {
    ${SLOW}
    $var(x) = 3;
  }
  switch ($var(x)) {
    case 3:
      ${SLOW}
      break;
  }
  switch ($rU) {
    case "bob":
      ${SLOW}
  }
  $var(y) = usleep("30000");
  if (!route(SLOW)) { exit; }
  if (!route(LEAVES)) { exit; }
  $var(x) = 3;
  while ($var(x) == 3) {
    $var(x) = 4;
    if ($var(x) == 4) { ${SLOW} break; }
  }
  if ($var(x) == 4) { ${SLOW} route(ENDS); }
}
route[SLOW] {
  ${SLOW}
  return;
}
route[LEAVES] {
  if ($var(x) == 3) { ${SLOW} return; }
  if ($var(x) == 3) { ${SLOW} }
}
route[ENDS] {
  if ($var(x) == 4) { ${SLOW} exit; }
}`

const latency: readonly Case[] = [
  actions('latency_limit_action', LIMIT, ROUTES),
  actions('latency_limit_action at a level', `${LIMIT}\nlatency_log=-2`, ROUTES),
  actions('latency_limit_action at a level that is not written', `${LIMIT}\nlatency_log=2`, ROUTES),
  actions('latency_limit_action as usual', '', ROUTES),
  {
    ...actions('latency_limit_action set while it runs', LIMIT, ROUTES),
    steps: [
      { rpc: 'cfg.seti', params: ['core', 'latency_limit_action', 100_000_000] },
      ask(),
      PAUSE,
      { rpc: 'cfg.seti', params: ['core', 'latency_limit_action', 20_000] },
      { rpc: 'cfg.seti', params: ['core', 'latency_log', 0] },
      ask(),
      { rpc: 'cfg.seti', params: ['core', 'latency_limit_action', 0] },
      ask(),
    ],
  },
]

const numbers: readonly string[] = [
  'sip:+49301;ext=5@example.org;user=phone',
  'sip:+49301;ext=5@127.0.0.1;user=phone',
  'sip:+49301;ext=5:pw@127.0.0.1:5060;user=phone;x=1',
  'sip:+49301@127.0.0.1;x=1;user=phone;transport=tcp',
  'sip:+49301;ext=5@127.0.0.1;user=ip',
  'sip:+49301;ext=5@127.0.0.1;user=PHONE',
  'sips:+49301;ext=5@127.0.0.1;user=phone',
  'tel:+49301;ext=5',
]
const phone = (name: string, globals: string): Case => ({
  name,
  globals: `${globals}\nalias=127.0.0.1:5060`,
  routes: `request_route {
  xlog("L_ERR", "@ $ru | $rU | $rd | $rp | $rP | $rz | $(ru{uri.user}) | $(ru{uri.params}) | \
$(ru{uri.param,x}) | $(ru{uri.scheme})\\n");
  if (uri == myself) xlog("L_ERR", "@ myself\\n");
  if (is_uri("$ru")) xlog("L_ERR", "@ a uri\\n");
  if (is_tel_number("$rU")) xlog("L_ERR", "@ a number\\n");
  if (cmp_uri("$ru", "sip:+49301;ext=5@127.0.0.1;user=phone")) xlog("L_ERR", "@ same\\n");
  $rU = "123";
  xlog("L_ERR", "@ $ru\\n");
  $ru = "sip:+49301;ext=5@127.0.0.1;user=phone";
  prefix("9");
  strip(2);
  xlog("L_ERR", "@ $ru $rU\\n");
}`,
  modules: [],
  steps: numbers.map(uri => ask('', uri)),
})

const telephones: readonly Case[] = [
  phone('telephone numbers as usual', ''),
  phone('telephone numbers, phone2tel=0', 'phone2tel=0'),
]

const V6 = `[::1]:${SERVER}`
const hex = (name: string, globals: string): Case => ({
  name,
  globals,
  listen: [`udp:127.0.0.1:${SERVER}`, `udp:${V6}`, 'udp:[::1]:25178'],
  modules: ['ipops'],
  routes: `request_route {
  if ($rU == "v6") { $rU = "x"; force_send_socket(udp:[::1]:25178); forward(); exit; }
  xlog("L_ERR", "@ $si | $su | $sut | $Ri | $RAi | $Ru\\n");
  if (src_ip == ::1) xlog("L_ERR", "@ from ::1\\n");
  xlog("L_ERR", "@ $(hdr(Via)[0]{s.select,0,;}) | $(hdr(Via)[1]{s.select,0,;})\\n");
  if ($rU == "y") exit;
  $rU = "y";
  force_send_socket(udp:[::1]:25178);
  forward();
}`,
  steps: [{ send: request('OPTIONS', { uri: `sip:v6@${V6}` }) }],
})
const addresses: readonly Case[] = ['', 'c', 'a', 'A', 'x'].map(style =>
  hex(
    style === '' ? 'IPv6 addresses as usual' : `IPv6 addresses, ipv6_hex_style=${style}`,
    style === '' ? '' : `ipv6_hex_style="${style}"`,
  ),
)

export const measures: readonly Case[] = [...latency, ...telephones, ...addresses]
