// The functions of the language itself.
import { type Case, PHONES, request, SECOND, SERVER } from '../case.ts'
import { questions, taken } from './bodies.ts'

const FULL = 'sip:+49301:pw@example.org:5070;transport=tcp;x=1?h=1'
const full = (body: string): { body: string; uri: string } => ({ body, uri: FULL })
const at = (uri: string, body: string): { body: string; uri: string } => ({ body, uri })

const uris: Case = questions('the request URI', [
  full('rewritehost("h.example");'),
  full('sethost("h.example:99");'),
  full('seth("[2001:db8::1]");'),
  full('rewritehostport("h.example:99");'),
  full('sethostport("h.example");'),
  full('sethp("10.0.0.1");'),
  full('rewritehostporttrans("h.example:99;transport=udp");'),
  full('sethpt("h.example:99");'),
  full('sethostporttrans("h.example");'),
  full('rewriteport("99");'),
  full('setport("");'),
  full('setp("x");'),
  full('rewriteuser("bob");'),
  full('setuser("");'),
  full('setu("bob;phone-context=x");'),
  full('rewriteuserpass("bob:secret");'),
  full('setuserpass("bob");'),
  full('setup("");'),
  full('rewriteuri("sip:x@y.example");'),
  full('seturi("tel:+1");'),
  full('seturi("nonsense");'),
  full('seturi("sip:x@y"); revert_uri();'),
  full('revert_uri;'),
  full('seturi("sip:x@y"); revert_uri; revert_uri();'),
  full('prefix("00");'),
  full('prefix("");'),
  full('strip(1);'),
  full('strip(0);'),
  full('strip(99);'),
  full('strip_tail(1);'),
  full('strip_tail(0);'),
  full('strip_tail(99);'),
  full('userphone();'),
  at('sip:+49-30.1(2)@example.org', 'userphone();'),
  at('sip:123@example.org;user=phone', 'userphone();'),
  at('sip:123@example.org;user=ip', 'userphone();'),
  at('sip:bob@example.org', 'userphone();'),
  at('sip:123@example.org?h=1', 'userphone();'),
  at('sip:*21#@example.org', 'userphone();'),
  at('sip:example.org', 'strip(1);'),
  at('sip:example.org', 'prefix("0");'),
  at('sip:example.org', 'strip_tail(1);'),
  at('sip:example.org', 'setuser("bob");'),
  at('sip:example.org', 'setuserpass("bob:x");'),
  at('sip:example.org', 'setport("99");'),
  at('sip:bob@example.org', 'setuserpass("eve:x");'),
  at('sips:bob@example.org', 'sethost("h"); setport("5061");'),
  at('tel:+4930123;isub=1', 'strip(1);'),
  at('tel:+4930123', 'sethost("h");'),
  at('tel:+4930123', 'prefix("0");'),
  at('tel:+4930123', 'setuser("bob");'),
  at('sip:bob@[2001:db8::1]:5070', 'setport("99");'),
  at('sip:bob@[2001:db8::1]:5070', 'sethost("h");'),
  at('urn:service:sos', 'setuser("x");'),
  at('nonsense', 'sethost("h");'),
  at('nonsense', 'setuser("h");'),
  full('sethost("h.example"); setport("1"); setuser("u"); prefix("p"); strip(1); strip_tail(1);'),
  full('if (sethost("h")) $var(q) = "yes"; else $var(q) = "no";'),
  full('$var(q) = strip(1);'),
  full('$var(q) = userphone();'),
])

const flags: Case = questions(
  'flags',
  [
    'setflag(1); if (isflagset(1)) $var(q) = "yes";',
    'if (isflagset(1)) $var(q) = "yes"; else $var(q) = "no";',
    'setflag(1); resetflag(1); if (isflagset(1)) $var(q) = "yes";',
    'setflag(31); $var(q) = $mf;',
    'setflag(0); setflag(4); $var(q) = $mF;',
    'setflag(F_ONE); if (isflagset(9)) $var(q) = "yes";',
    'setflag("F_ONE"); $var(q) = $mf;',
    'setflag(F_FREE); $var(q) = $mf;',
    'setflag(F_FREE2); $var(q) = $mf;',
    '$var(q) = isflagset(3);',
    '$var(q) = setflag(3);',
    '$var(q) = resetflag(3);',
  ],
  { globals: 'flags F_ONE:9, F_FREE\nflags F_FREE2' },
)

const avpFlags: Case = questions(
  'avp flags',
  [
    '%x = 1; setavpflag(%x, A); if (isavpflagset(%x, A)) $var(q) = "yes";',
    '%x = 1; if (isavpflagset(%x, A)) $var(q) = "yes"; else $var(q) = "no";',
    '%x = 1; setavpflag(%x, A); if (isavpflagset(%x, B)) $var(q) = "yes"; else $var(q) = "no";',
    '%x = 1; setavpflag(%x, A); resetavpflag(%x, A); $var(q) = isavpflagset(%x, A);',
    '%x = 1; setavpflag(%x, A); setavpflag(%x, B); resetavpflag(%x, A); ' +
      '$var(q) = isavpflagset(%x, B);',
    '%x = 1; $var(q) = isavpflagset(%x, A);',
    '%x = 1; $var(q) = setavpflag(%x, A);',
    '%x = 1; $var(q) = resetavpflag(%x, A);',
    '%x = 1; setavpflag(%x, A); $var(q) = resetavpflag(%x, A);',
    '%x = 1; setavpflag(%x, B); $var(q) = resetavpflag(%x, A);',
    '$var(q) = setavpflag(%none, A);',
    '$var(q) = isavpflagset(%none, A);',
    '$var(q) = resetavpflag(%none, A);',
    '%x = 1; setavpflag(%x, A); %x = 2; $var(q) = isavpflagset(%x, A);',
    '%f.x = 1; setavpflag(%f.x, A); if (isavpflagset(%f.x, A)) $var(q) = "yes";',
    '%f.x = 1; setavpflag(%f.x, A); $var(q) = isavpflagset(%x, A);',
    '$avp(s:x) = 1; setavpflag(%x, A); $var(q) = isavpflagset(%x, A);',
  ],
  { globals: 'avpflags A, B' },
)

const branches: Case = questions(
  'branches',
  [
    'append_branch("sip:1@x"); append_branch("sip:2@x"); remove_branch(0); ' +
      '$var(q) = $(branch(uri)[0]);',
    'append_branch("sip:1@x"); append_branch("sip:2@x"); remove_branch(1); ' +
      '$var(q) = $(branch(uri)[0]);',
    'append_branch("sip:1@x"); append_branch("sip:2@x"); remove_branch(); ' +
      '$var(q) = $(branch(uri)[0]);',
    'append_branch("sip:1@x"); $var(q) = remove_branch(5);',
    'append_branch("sip:1@x"); clear_branches(); $var(q) = $(branch(uri)[0]);',
    'clear_branches();',
    '$var(q) = clear_branches();',
    '$var(q) = remove_branch(0);',
  ],
  {},
  '$rc $branch(count)',
)

const sockets: Case = questions(
  'sockets and addresses',
  [
    `force_send_socket(udp:127.0.0.1:${SECOND}); $var(q) = $fs;`,
    `force_send_socket(127.0.0.1:${SECOND}); $var(q) = $fs;`,
    `force_send_socket(tcp:127.0.0.1:${SERVER}); $var(q) = $fs;`,
    'set_advertised_address("203.0.113.9"); $var(q) = "-";',
    '$var(q) = set_advertised_address(203.0.113.9);',
    '$var(q) = set_advertised_port(99);',
    '$var(q) = force_rport();',
    'force_rport; $var(q) = "-";',
    '$var(q) = add_rport();',
    '$var(q) = add_local_rport();',
    '$var(q) = force_tcp_alias();',
    '$var(q) = force_tcp_alias(5060);',
    '$var(q) = add_tcp_alias(5060);',
    '$var(q) = set_forward_no_connect();',
    '$var(q) = set_reply_no_connect();',
    '$var(q) = set_forward_close();',
    '$var(q) = set_reply_close();',
    'set_reply_close; set_forward_close; set_reply_no_connect; set_forward_no_connect;',
    '$var(q) = udp_mtu_try_proto(TCP);',
  ],
  {
    listen: [
      `udp:127.0.0.1:${SERVER}`,
      `tcp:127.0.0.1:${SERVER}`,
      `udp:127.0.0.1:${SECOND} advertise 203.0.113.9:5070 name "second"`,
    ],
  },
)

const errorsAndExec: Case = questions(
  'error and exec',
  [
    'error("a", "b");',
    '$var(q) = error("a", "b");',
    '$var(q) = exec("true");',
    '$var(q) = exec("false");',
    '$var(q) = exec("exit 3");',
    '$var(q) = exec("/nonexistent/program 2>/dev/null");',
    'exec("true");',
    'exec("false");',
    'if (exec("true")) $var(q) = "yes"; else $var(q) = "no";',
    'if (exec("false")) $var(q) = "yes"; else $var(q) = "no";',
    'exec("echo $FROM $SIP_METHOD $CASE_ENV; test -z $CASE_ENV || exit 7; cat");',
  ],
  { globals: 'debug=2', log: 'all' },
)

const logFunction: Case = {
  name: 'log()',
  globals: 'debug=2',
  log: 'all',
  routes: `request_route {
  log("one\\n");
  log(1, "two\\n");
  log(0, "four\\n");
  log(2, "five\\n");
  log(3, "six\\n");
  log("$ru\\n");
}`,
  steps: [{ send: request('OPTIONS') }],
}

const logEverything: Case = {
  ...logFunction,
  name: 'log() with debug=4',
  globals: 'debug=4',
  log: 'script',
}
const logLess: Case = {
  ...logFunction,
  name: 'log() with debug=3',
  globals: 'debug=3',
  log: 'script',
}

const toB = `sip:bob@127.0.0.1:${PHONES.b}`
const forwarding: Case = {
  name: 'forward',
  routes: `request_route {
  switch ($rU) {
    case "plain": forward(); break;
    case "port": forward(127.0.0.1, ${PHONES.c}); break;
    case "quoted": forward("127.0.0.1", ${PHONES.c}); break;
    case "udp": forward_udp(127.0.0.1, ${PHONES.c}); break;
    case "uri": seturi("sip:x@127.0.0.1:${PHONES.c}"); forward(uri:host, uri:port); break;
    case "duri": $du = "sip:127.0.0.1:${PHONES.c}"; forward(); break;
    case "tcp": forward_tcp(127.0.0.1, ${PHONES.c}); break;
    case "tcpuri": forward_tcp(uri:host, uri:port); break;
    case "branches": append_branch("sip:2@127.0.0.1:${PHONES.c}"); forward(); break;
    case "rport": force_rport(); add_local_rport(); forward(); break;
    case "adv": set_advertised_address("203.0.113.9"); set_advertised_port(99); forward(); break;
    case "sctp": $var(r) = forward_sctp(127.0.0.1, ${PHONES.c}); break;
  }
  xlog("L_ERR", "@ $rU $rc\\n");
}`,
  steps: [
    ...['plain', 'port', 'quoted', 'udp', 'uri', 'duri', 'tcp', 'tcpuri', 'branches'],
    ...['rport', 'adv', 'sctp'],
  ].map(user => ({ send: request('OPTIONS', { uri: toB.replace('bob', user) }) })),
}

const takenOrNot: readonly Case[] = [
  ...['strip("1");', 'strip(-1);', 'strip($rU);', 'strip();', 'strip_tail("1");', 'strip(1, 2);'],
  ...['prefix($rU);', 'prefix("a" + "b");', 'prefix(1);', 'prefix();', 'seturi($ru);'],
  ...['sethost($rd);', 'sethost(5);', 'setport(99);', 'setport("99");', 'setuser(bob);'],
  ...['userphone;', 'userphone(1);', 'revert_uri(1);', 'clear_branches;', 'remove_branch("1");'],
  ...['remove_branch;', 'setflag(32);', 'setflag(-1);', 'setflag($var(x));', 'setflag(NOPE);'],
  ...['setflag("5");', 'setflag();', 'log(1);', 'log($rU);', 'log("a", "b", "c");', 'log();'],
  ...['log("a" + "b");', 'error("a");', 'error();', 'error(1, 2);', 'exec(cmd);', 'exec($rU);'],
  ...['exec();', 'force_rport(1);', 'force_tcp_alias("1");', 'force_tcp_alias($rp);'],
  ...['set_advertised_port(x);', 'set_advertised_address(5);', 'set_advertised_address($rd);'],
  ...['udp_mtu_try_proto("tcp");', 'udp_mtu_try_proto(tcp);', 'udp_mtu_try_proto(TLS);'],
  ...[
    'udp_mtu_try_proto(NONE);',
    'log("L_ERR", "x");',
    'udp_mtu_try_proto(ws);',
    'udp_mtu_try_proto();',
    'force_send_socket();',
  ],
  ...['force_send_socket($fs);', 'forward($rd);', 'forward(uri:port);', 'forward("h", "x");'],
  ...['forward(example.org, 5060);', 'forward(127.0.0.1, uri:port);', 'forward(1,2,3);'],
  ...['forward(127.0.0.1:5060);', 'forward;', 'route();', 'route(5);', 'route("A" + "B");'],
  ...['cfg_select("a", 1);', 'cfg_select(a, 1);', 'cfg_select("a");', 'cfg_reset();'],
  ...['cfg_select("core", 1);', 'cfg_reset("a");', 'cfg_reset("core");', 'cfg_select("core","1");'],
  ...['setavpflag($avp(x), "A");', 'set_reply_close(1);', 'isflagset("x");', 'log(L_ERR, "x");'],
  ...[
    'remove_branch($var(x));',
    'remove_branch(-1);',
    'set_advertised_port("99");',
    'log(-1, "x");',
  ],
  ...[
    'force_send_socket("127.0.0.1");',
    'force_send_socket(udp:127.0.0.1:9);',
    'force_send_socket(127.0.0.1);',
    `force_send_socket(127.0.0.1:${SERVER});`,
    `force_send_socket(tls:127.0.0.1:${SERVER});`,
    'force_send_socket("udp:127.0.0.1:5060");',
    'force_send_socket(udp:"127.0.0.1":5060);',
  ],
  ...['log(9, "x");', 'prefix("a", "b");', 'exec("a", "b");', 'set_forward_close;', 'exit(5);'],
].map(body => taken(body))

const avpFlagsTaken: readonly Case[] = [
  taken('setavpflag(%x, "A");', 'avpflags A;'),
  taken('setavpflag(%x, NOPE);', 'avpflags A;'),
  taken('setavpflag(%x);', 'avpflags A;'),
  taken('setavpflag(%x[0], A);', 'avpflags A;'),
  taken('setavpflag($avp(x), A);', 'avpflags A;'),
  taken('setavpflag($avp(x), "A");', 'avpflags A;'),
  taken('setavpflag($f.x, A);', 'avpflags A;'),
  taken('setavpflag($avp(x), NOPE);', 'avpflags A;'),
  taken('setavpflag($var(x), A);', 'avpflags A;'),
  taken('setavpflag($avp(x));', 'avpflags A;'),
  taken('exit;', 'avpflags A, A;'),
  taken('exit;', 'avpflags A:5;'),
  taken('exit;', 'flags A:40;'),
  taken('exit;', 'flags A, A;'),
]

export const functions: readonly Case[] = [
  uris,
  flags,
  avpFlags,
  branches,
  sockets,
  errorsAndExec,
  logFunction,
  logEverything,
  logLess,
  forwarding,
  ...takenOrNot,
  ...avpFlagsTaken,
]
