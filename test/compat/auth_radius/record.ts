// Records what the real Kamailio asks RADIUS servers and makes of their answers into
// questions.json: node test/compat/auth_radius/record.ts
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { FakeRadius } from '../acc/radius.ts'
import { Kamailio } from '../registrar/kamailio.ts'
import {
  CALLER_PORT,
  type Facts,
  FOLDER,
  maskPacket,
  NONCE,
  type Question,
  requestText,
  SERVER_PORT,
} from './facts.ts'
import { script } from './script.ts'

const ACCEPT = 2
const REJECT = 3
const AVPS = ['SIP-AVP=email:joe@example.org', 'SIP-AVP=age#28', 'SIP-AVP=#14:fourteen']
const SHOWN = ['$avp(email)', '$avp(age)', '$avp(i:14)', '$au', '$rc']

const www = (name: string, rest: Partial<Question> = {}): Question => ({
  name,
  params: {},
  call: 'radius_www_authorize("example.org")',
  code: ACCEPT,
  show: SHOWN,
  ...rest,
})

const QOP = { qop: 'auth', nc: '00000001', cnonce: '"abc"', algorithm: 'MD5' }

const misc = (name: string, call: string, rest: Partial<Question> = {}): Question => ({
  name,
  params: {},
  call,
  credentials: null,
  code: ACCEPT,
  show: SHOWN,
  ...rest,
})

const questions: Question[] = [
  www('accepted'),
  www('rejected', { code: REJECT }),
  www('rejected with attributes', { code: REJECT, attributes: AVPS }),
  www('accepted with attributes', { attributes: AVPS }),
  www('all attributes', {
    attributes: [...AVPS, 'Session-Timeout=60', 'Reply-Message=hello'],
    params: { auth_radius: { radius_avps_mode: 1 } },
    show: [...SHOWN, '$avp(Session-Timeout)', '$avp(Reply-Message)', '$avp(SIP-AVP)'],
  }),
  www('qop', { credentials: QOP }),
  www('qop auth-int', { credentials: { ...QOP, qop: 'auth-int' } }),
  www('a user with a domain', { credentials: { username: '"alice@example.com"' } }),
  www('no realm in the user', { params: { auth_radius: { append_realm_to_username: 0 } } }),
  www('a user of the URI', { call: 'radius_www_authorize("example.org", "$rU$fU")' }),
  www('extra values', {
    params: { auth_radius: { auth_extra: 'Acct-Session-Id=$ci;Calling-Station-Id=$avp(none)' } },
  }),
  www('service_type', { params: { auth_radius: { service_type: 10 } } }),
  www('without credentials', { credentials: null }),
  www('another realm', { call: 'radius_www_authorize("other.org")' }),
  www('proxy', {
    call: 'radius_proxy_authorize("example.org")',
    header: 'Proxy-Authorization',
    method: 'MESSAGE',
    uri: 'sip:bob@example.net',
  }),
  www('proxy, a user of the URI', {
    call: 'radius_proxy_authorize("example.org", "$rU")',
    header: 'Proxy-Authorization',
    method: 'MESSAGE',
    uri: 'sip:bob@example.net',
  }),
  www('use_ruri_flag', {
    params: { auth_radius: { use_ruri_flag: 4 } },
    call: 'radius_www_authorize("example.org")',
    uri: 'sip:elsewhere.org',
  }),
  misc('caller', 'radius_load_caller_avps("$fU@$fd")', { attributes: AVPS }),
  misc('callee', 'radius_load_callee_avps("$tU@$td")', { attributes: AVPS }),
  misc('caller, rejected', 'radius_load_caller_avps("$fU@$fd")', {
    code: REJECT,
    attributes: AVPS,
  }),
  misc('caller, common_response', 'radius_load_caller_avps("$fU@$fd")', {
    params: { misc_radius: { common_response: 1 } },
    attributes: [...AVPS, 'Session-Timeout=60', 'Reply-Message=hello'],
    show: [...SHOWN, '$avp(Session-Timeout)', '$avp(Reply-Message)', '$avp(SIP-AVP)'],
  }),
  misc('rejected, common_response', 'radius_load_callee_avps("$fU@$fd")', {
    params: { misc_radius: { common_response: 1 } },
    code: REJECT,
    attributes: ['Reply-Message=no money'],
    show: ['$avp(Reply-Message)', '$rc'],
  }),
  misc('extra values', 'radius_load_caller_avps("$fU")', {
    params: { misc_radius: { caller_extra: 'Calling-Station-Id=$fu' } },
  }),
  misc('group', 'radius_is_user_in("$fU@$fd", "1")', { attributes: AVPS }),
  misc('group, rejected', 'radius_is_user_in("$fU@$fd", "g")', { code: REJECT }),
  misc('URI', 'radius_does_uri_exist()', { uri: 'sip:bob@example.net', attributes: AVPS }),
  misc('URI, rejected', 'radius_does_uri_exist()', { uri: 'sip:bob@example.net', code: REJECT }),
  misc('URI without a user', 'radius_does_uri_exist()', {}),
  misc('a URI that is given', 'radius_does_uri_exist("$fu")', {}),
  misc('URI by host', 'radius_does_uri_exist()', {
    params: { misc_radius: { use_sip_uri_host: 1 } },
    uri: 'sip:bob@example.net',
  }),
  misc('user of the URI', 'radius_does_uri_user_exist()', { uri: 'sip:bob@example.net' }),
  misc('a user that is given', 'radius_does_uri_user_exist("$fU")', {}),
  misc('service types', 'radius_does_uri_user_exist("$fU")', {
    params: { misc_radius: { uri_service_type: 21 } },
  }),
]

const MODULES = 'kex corex tm tmx sl pv textops xlog jsonrpcs auth auth_radius misc_radius'

async function record(question: Question): Promise<Question> {
  const folder = mkdtempSync(join(tmpdir(), 'radius-'))
  const server = await FakeRadius.open()
  server.code = question.code ?? 0
  server.silent = question.code === null
  server.attributes = question.attributes ?? []
  const conf = join(folder, 'radiusclient.conf')
  writeFileSync(conf, server.config(folder))
  const { params } = question
  const kamailio = await Kamailio.start({
    head: ['debug=0', `listen=udp:127.0.0.1:${SERVER_PORT}`],
    modules: MODULES.split(' '),
    params: {
      ...params,
      auth_radius: { radius_config: conf, ...params.auth_radius },
      misc_radius: { radius_config: conf, ...params.misc_radius },
    },
    routes: script(question),
    port: SERVER_PORT,
  })
  try {
    const [challenge] = await kamailio.send(
      CALLER_PORT,
      requestText({ ...question, method: 'OPTIONS', credentials: null }, ''),
    )
    const nonce = NONCE.exec(challenge!.text)![1]!
    await kamailio.send(CALLER_PORT, requestText(question, nonce), 150)
    const { marks, rest } = kamailio.takeLog()
    for (const line of rest) console.error(`${question.name}: ${line}`)
    const packets = server.packets.map(packet => maskPacket(packet, nonce))
    return { ...question, packets, result: marks[0]?.trim() ?? '(nothing)' }
  } finally {
    await kamailio.stop()
    server.close()
    rmSync(folder, { recursive: true })
  }
}

const facts: Facts = { origin: 'Kamailio 5.6.3 (Debian 12) with radcli 1.2.11', questions: [] }
for (const question of questions) facts.questions.push(await record(question))
writeFileSync(join(FOLDER, 'questions.json'), `${JSON.stringify(facts, null, 2)}\n`)
