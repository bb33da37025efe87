// onsend_route: what it knows of the message that is about to leave, and what it can do about it.
import { type Case, type Parts, PHONES, reply, request, SERVER } from '../case.ts'

const to = (user: string, parts: Parts = {}, method = 'OPTIONS') => ({
  send: request(method, { uri: `sip:${user}@127.0.0.1:${PHONES.b}`, ...parts }),
})

const MAIN = `request_route {
  if ($rU == "reply") { sl_send_reply("200", "OK"); exit; }
  if ($rU == "treply") { t_newtran(); t_reply("480", "Gone"); exit; }
  if ($rU == "relay") { t_relay(); xlog("L_ERR", "@ relay $rc\\n"); exit; }
  if ($rU == "fork") { append_branch("sip:2@127.0.0.1:${PHONES.c}"); t_relay(); exit; }
  if ($rU == "tcp") { forward_tcp(127.0.0.1, ${PHONES.b}); exit; }
  $var(r) = forward();
  xlog("L_ERR", "@ forward $var(r)\\n");
}
`

const SND = ['ip', 'port', 'proto', 'sproto', 'af']
const shown = ['snd', 'sndto', 'sndfrom']
  .map(name => `xlog("L_ERR", "@ ${name} ${SND.map(key => `$${name}(${key})`).join(' ')}\\n");`)
  .join('\n')

const facts: Case = {
  name: 'what onsend_route knows',
  routes: `${MAIN}
onsend_route {
  ${shown}
  xlog("L_ERR", "@ $rm $ru $rU $si $(snd(buf){s.substr,0,40})\\n");
  if (snd_ip == 127.0.0.1) xlog("L_ERR", "@ snd_ip\\n");
  if (snd_port == ${SERVER}) xlog("L_ERR", "@ snd_port\\n");
  if (to_ip == 127.0.0.1) xlog("L_ERR", "@ to_ip\\n");
  if (to_ip == 127.0.0.0/8) xlog("L_ERR", "@ to_ip net\\n");
  if (to_port == ${PHONES.b}) xlog("L_ERR", "@ to_port\\n");
  if (snd_proto == UDP) xlog("L_ERR", "@ snd_proto udp\\n");
  if (to_proto == TCP) xlog("L_ERR", "@ to_proto tcp\\n");
  if (snd_af == INET) xlog("L_ERR", "@ snd_af\\n");
  if (to_af == INET6) xlog("L_ERR", "@ to_af 6\\n");
  if (msg:len > 300) xlog("L_ERR", "@ long\\n");
  if (msg:len == 299) xlog("L_ERR", "@ 299\\n");
  if (src_ip == 127.0.0.1) xlog("L_ERR", "@ src_ip\\n");
  if (dst_port == ${SERVER}) xlog("L_ERR", "@ dst_port\\n");
}`,
  steps: [to('plain'), to('relay'), to('tcp'), to('plain', { body: 'x'.repeat(300) })],
}

const selects: Case = {
  name: 'selects in onsend_route',
  routes: `${MAIN}
onsend_route {
  $var(a) = @src.ip; $var(b) = @src.port; $var(c) = @dst.ip; $var(d) = @dst.port; \
$var(e) = @received.ip;
  $var(f) = @dst.ip_port; $var(g) = @received.proto;
  xlog("L_ERR", "@ $var(a) $var(b) $var(c) $var(d) $var(e) $var(f) $var(g)\\n");
  xlog("L_ERR", "@ $ml $(mb{s.len}) $msg(len)\\n");
}`,
  steps: [to('plain')],
}

const outside: Case = {
  name: '$snd outside of onsend_route',
  routes: `request_route {
  ${shown}
  xlog("L_ERR", "@ $(snd(buf){s.len})\\n");
}`,
  steps: [to('plain')],
}

const verdict = (name: string, body: string): Case => ({
  name: `onsend_route: ${name}`,
  routes: `${MAIN}onsend_route { xlog("L_ERR", "@ onsend $rU\\n"); ${body} }`,
  steps: [to('plain'), to('relay'), to('fork')],
})

const forking: Case = {
  name: 'onsend_route drops one branch',
  routes: `${MAIN}onsend_route { if (to_port == ${PHONES.b}) drop; }`,
  steps: [to('fork')],
}

const replies = (globals: string): Case => ({
  name: `replies through onsend_route ${globals}`,
  globals,
  routes: `${MAIN}reply_route { xlog("L_ERR", "@ reply_route\\n"); }
onsend_route { xlog("L_ERR", "@ onsend $rm $rs $snd(ip):$snd(port) $sndto(port)\\n"); \
if ($rs == 480) drop; }`,
  steps: [
    to('reply'),
    to('treply'),
    { send: reply('200 OK'), from: 'b' },
    { send: reply('480 Gone'), from: 'b' },
    to('relay'),
    { answer: 'b', status: '180 Ringing' },
    { answer: 'b', status: '200 OK' },
  ],
})

const event: Case = {
  name: 'requests of our own',
  routes: `${MAIN}
onsend_route { xlog("L_ERR", "@ onsend $rm $ru $snd(proto)\\n"); }`,
  steps: [
    {
      rpc: 'tm.t_uac_start',
      params: [
        'OPTIONS',
        `sip:bob@127.0.0.1:${PHONES.b}`,
        '.',
        '.',
        'From: <sip:a@b>\r\nTo: <sip:c@d>\r\nCall-ID: uac\r\nCSeq: 1 OPTIONS\r\n',
        '',
      ],
    },
    to('relay', {}, 'INVITE'),
    to('relay', { id: 1, cseq: 1 }, 'CANCEL'),
    to('plain', {}, 'ACK'),
    to('relay', {}, 'ACK'),
  ],
}

export const onsend: readonly Case[] = [
  facts,
  selects,
  outside,
  verdict('drop', 'drop;'),
  verdict('exit', 'exit;'),
  verdict('return 0', 'return 0;'),
  verdict('return -1', 'return -1;'),
  verdict('drop a value', 'drop 5;'),
  verdict('changes', '$ru = "sip:eve@127.0.0.1:25177"; append_hf("X-On: send\\r\\n");'),
  forking,
  replies(''),
  replies('onsend_route_reply=yes'),
  event,
]
