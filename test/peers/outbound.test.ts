// Flows (RFC 5626) with real peers: JsSIP behind an edge proxy, whose contact is a name that nobody
// can resolve, calls a UDP phone and is called; a phone with two flows, one of which dies.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type BrowserPhone, browserPhone } from '../kit/browser.ts'
import { Caller } from '../kit/caller.ts'
import { Authority } from '../kit/certificates.ts'
import { AUDIO, becomeBrowser } from '../kit/peer-connection.ts'
import { Phone, type Received } from '../kit/phone.ts'
import { freePort } from '../kit/ports.ts'
import { type SipServer, startServer } from '../kit/server.ts'

becomeBrowser()

const authority = new Authority()
afterAll(() => authority.remove())
const { certificate, key } = authority.sign(
  'server',
  '/CN=sip.example.org',
  'DNS:sip.example.org,IP:127.0.0.1',
)
const tlsFile = join(authority.folder, 'tls.cfg')
writeFileSync(tlsFile, `[server:default]\ncertificate = ${certificate}\nprivate_key = ${key}\n`)

const load = (names: string): string =>
  names
    .split(' ')
    .map(name => `loadmodule "${name}.so"\n`)
    .join('')

const registrarConfig = (gruu: number): string => `#!KAMAILIO
children=1
alias=example.org
${load('ctl kex sl tm tmx rr pv xlog textops siputils usrloc registrar')}
modparam("registrar", "use_path", 1)
modparam("registrar", "path_mode", 1)
modparam("registrar", "outbound_mode", 1)
modparam("registrar", "gruu_enabled", ${gruu})
modparam("tm", "contacts_avp", "tm_contacts")
modparam("tm", "contact_flows_avp", "tm_contact_flows")
request_route {
  if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }
  if (is_method("REGISTER")) { save("location"); exit; }
  if (!lookup("location")) { sl_send_reply("404", "Not Found"); exit; }
  t_load_contacts();
  # -2: there is but one contact.
  t_next_contacts();
  t_on_branch_failure("FLOW");
  t_relay();
}
event_route[tm:branch-failure:FLOW] {
  if (!t_check_status("430")) exit;
  unregister("location", "$tu", "$T_reply_ruid");
  if (t_next_contact_flow()) {
    t_on_branch_failure("FLOW");
    t_relay();
  }
}
`

const edgeConfig = (tlsPort: number, registrar: string): string => `#!KAMAILIO
children=1
enable_tls=yes
tcp_accept_no_cl=yes
listen=tls:127.0.0.1:${tlsPort}
${load('ctl kex sl tm outbound rr path pv xlog textops siputils xhttp tls websocket')}
modparam("outbound", "flow_token_secret", "aloha")
modparam("tls", "config", "${tlsFile}")
request_route {
  if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }
  if (has_totag()) {
    if (!loose_route()) { sl_send_reply("403", "Forbidden $rc"); exit; }
    # A GRUU: the registrar knows where it is.
    if ($rc != 2 && $rd == "example.org") $du = "sip:${registrar}";
    t_relay();
    exit;
  }
  if (is_method("REGISTER")) {
    remove_hf("Route");
    add_path();
    $du = "sip:${registrar}";
    t_relay();
    exit;
  }
  record_route();
  if ($hdr(Route) == $null) {
    $du = "sip:${registrar}";
    t_relay();
    exit;
  }
  if (!loose_route()) { sl_send_reply("403", "Forbidden"); exit; }
  t_on_failure("FLOW");
  if (!t_relay()) t_reply("430", "Flow Failed");
}
failure_route[FLOW] {
  if (t_branch_timeout() || !t_branch_replied()) t_reply("430", "Flow Failed");
}
event_route[xhttp:request] {
  set_reply_close();
  set_reply_no_connect();
  if ($hdr(Upgrade) =~ "websocket" && ws_handle_handshake()) exit;
  xhttp_reply("404", "Not Found", "", "");
}
`

interface Servers {
  readonly edge: SipServer
  readonly registrar: SipServer
  readonly secure: string
  readonly plain: string
}

async function servers(gruu = 0): Promise<Servers> {
  const tlsPort = await freePort()
  const registrar = await startServer({ config: registrarConfig(gruu) })
  const edge = await startServer({ config: edgeConfig(tlsPort, registrar.address) })
  return { edge, registrar, secure: `wss://127.0.0.1:${tlsPort}`, plain: `ws://${edge.address}` }
}

const stop = ({ edge, registrar }: Servers): Promise<unknown> =>
  Promise.all([edge.stop(), registrar.stop()])

let usual: Servers
let withGruus: Servers
beforeAll(async () => {
  usual = await servers()
  withGruus = await servers(1)
})
afterAll(() => Promise.all([stop(usual), stop(withGruus)]))

/** Where a test takes place, with people of its own: alice1, bob1. */
interface Place extends Servers {
  readonly number: number
}

let tests = 0
const place = (shared: Servers): Place => ({ ...shared, number: ++tests })
const nameOf = (person: string, { number }: Place): string => `${person}${number}`
const uriOf = (person: string, there: Place): string => `sip:${nameOf(person, there)}@example.org`

/** The connections that the edge has, the newest last. */
async function connections({ edge }: Place): Promise<number[]> {
  const ids = (await edge.rpc('core.tcp_list')).matchAll(/\bid: (\d+)/g)
  return [...ids].map(([, id]) => Number(id)).toSorted((a, b) => a - b)
}

/** The UDP phone. Requests in a dialog go to where its route set begins: the edge. */
class Bob {
  readonly caller: Caller
  private readonly there: Place

  private constructor(phone: Phone, there: Place) {
    this.there = there
    this.caller = new Caller(nameOf('bob', there), phone, there.registrar)
  }

  static async registered(there: Place): Promise<Bob> {
    const phone = await Phone.open('udp')
    onTestFinished(() => phone.close())
    const bob = new Bob(phone, there)
    await bob.send('REGISTER', 'sip:example.org')
    await bob.gets(/^SIP\/2\.0 200/)
    return bob
  }

  async send(method: string, uri = '', body = ''): Promise<void> {
    const server = uri === '' ? this.there.edge : this.there.registrar
    const text = this.caller.request(method, uri, [], body)
    this.caller.remember(text)
    await this.caller.phone.send(text, server.host, server.port)
  }

  async gets(pattern: RegExp): Promise<Received> {
    const got = await this.caller.phone.expect(pattern)
    this.caller.take(got)
    return got
  }

  answers(status: string, body = ''): void {
    const [request, text] = this.caller.reply(status, '', [], body)
    request.answer(text)
  }
}

type Session = ReturnType<BrowserPhone['call']>

const happens = (session: Session, event: 'accepted' | 'confirmed' | 'ended'): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const once = session.once.bind(session) as unknown as (
      name: string,
      done: (e: never) => void,
    ) => void
    once(event, resolve)
    once('failed', ({ cause }: { cause: string }) => reject(new Error(cause)))
  })

const SILENT = { mediaConstraints: { audio: false, video: false } }

async function browser(there: Place, kind: 'plain' | 'secure'): Promise<BrowserPhone> {
  const alice = await browserPhone(there[kind], uriOf('alice', there), authority.certificate)
  onTestFinished(() => alice.stop())
  return alice
}

/** The next call that comes in is answered. */
const answering = (alice: BrowserPhone): Promise<Session> =>
  new Promise(resolve => {
    alice.once('newRTCSession', ({ session }: { session: Session }) => {
      session.answer(SILENT)
      resolve(session)
    })
  })

/** What either side may say in a dialog that stands. */
async function talk(session: Session, bob: Bob): Promise<void> {
  const renewed = new Promise<void>(resolve => session.renegotiate({}, resolve))
  await bob.gets(/^INVITE /)
  bob.answers('200 OK', AUDIO)
  await bob.gets(/^ACK /)
  await renewed

  const told = new Promise<string>(resolve => {
    session.once('newInfo', ({ info }: { info: { body: string } }) => resolve(info.body))
  })
  await bob.send('INFO', '', 'aloha')
  expect(await told).toBe('aloha')
  await bob.gets(/^SIP\/2\.0 200/)

  await bob.send('INVITE', '', AUDIO)
  await bob.gets(/^SIP\/2\.0 200/)
  await bob.send('ACK')
}

const kinds = ['plain', 'secure'] as const
const ends = ['the browser', 'the phone'] as const
const cases = kinds.flatMap(kind => ends.map(end => ({ kind, end })))

async function hangUp(end: string, session: Session, bob: Bob): Promise<void> {
  const ended = happens(session, 'ended')
  if (end === 'the browser') {
    session.terminate()
    await bob.gets(/^BYE /)
    bob.answers('200 OK')
  } else {
    await bob.send('BYE')
    await bob.gets(/^SIP\/2\.0 200/)
  }
  await ended
}

describe('a browser behind an edge proxy', () => {
  test.for(cases)('calls a phone, $kind, and $end hangs up', async ({ kind, end }) => {
    const there = place(usual)
    const bob = await Bob.registered(there)
    const alice = await browser(there, kind)
    const contacts = await there.registrar.rpc('ul.lookup', 'location', nameOf('alice', there))
    expect(contacts).toMatch(/Address: sip:\w+@\w+\.invalid;transport=ws/)
    expect(contacts).toMatch(/Path: <sip:[\w+/=]{32}@127\.0\.0\.1:\d+;lr;ob>/)

    const session = alice.call(uriOf('bob', there), SILENT)
    const confirmed = happens(session, 'confirmed')
    const invite = await bob.gets(/^INVITE /)
    expect(invite.message.header('Contact')).toMatch(/@\w+\.invalid;transport=ws;ob>/)
    bob.answers('180 Ringing')
    bob.answers('200 OK', AUDIO)
    await bob.gets(/^ACK /)
    await confirmed
    await talk(session, bob)
    await hangUp(end, session, bob)
  })

  test.for(cases)('is called by a phone, $kind, and $end hangs up', async ({ kind, end }) => {
    const there = place(usual)
    const bob = await Bob.registered(there)
    const alice = await browser(there, kind)
    const incoming = answering(alice)
    await bob.send('INVITE', uriOf('alice', there), AUDIO)
    const { message } = await bob.gets(/^SIP\/2\.0 200/)
    expect(message.header('Contact')).toMatch(/@\w+\.invalid;transport=ws/)
    const session = await incoming
    const confirmed = happens(session, 'confirmed')
    await bob.send('ACK')
    await confirmed
    await talk(session, bob)
    await hangUp(end, session, bob)
  })

  test('that has left is no longer called: 430', async () => {
    const there = place(usual)
    const bob = await Bob.registered(there)
    const alice = await browser(there, 'plain')
    const connection = (await connections(there)).at(-1)!
    const gone = new Promise(resolve => alice.once('disconnected', resolve))
    await there.edge.rpc('ws.close', String(connection))
    await gone
    alice.stop()
    await expect.poll(() => connections(there)).not.toContain(connection)
    await bob.send('INVITE', uriOf('alice', there), AUDIO)
    await bob.gets(/^SIP\/2\.0 430 Flow Failed/)
  })
})

interface Flow {
  readonly phone: Phone
  readonly contact: string
  readonly connection: number
}

/** One flow of a phone with two of them. */
async function flow(there: Place, regId: number): Promise<Flow> {
  const phone = await Phone.open('tcp')
  onTestFinished(() => phone.close())
  const carol = new Caller(nameOf('carol', there), phone, there.registrar)
  const instance = '+sip.instance="<urn:uuid:00000000-0000-1000-8000-000A95A0E128>"'
  const contact = `<sip:carol@10.0.0.${regId};transport=tcp>;reg-id=${regId};${instance}`
  const text = carol
    .request('REGISTER', 'sip:example.org', [], '')
    .replace(/Contact: .*/, `Contact: ${contact}\r\nSupported: path, outbound, gruu`)
  await phone.send(text, there.edge.host, there.edge.port)
  const { message } = await phone.expect(/^SIP\/2\.0 200/)
  expect(message.header('Require')).toBe('outbound')
  const connection = (await connections(there)).at(-1)!
  return { phone, contact: message.header('Contact'), connection }
}

describe('a phone with two flows', () => {
  test.for([0, 1])('is reached over the other when number %i dies', async dead => {
    const there = place(usual)
    const bob = await Bob.registered(there)
    const flows = [await flow(there, 1), await flow(there, 2)]
    const phones = flows.map(({ phone }) => phone)
    phones[dead]!.hangUp()
    await expect.poll(() => connections(there)).not.toContain(flows[dead]!.connection)
    await bob.send('INVITE', uriOf('carol', there), AUDIO)
    const other = phones[1 - dead]!
    const invite = await other.expect(/^INVITE /)
    expect(invite.message.uri).toBe(`sip:carol@10.0.0.${2 - dead};transport=tcp`)
    const carol = new Caller(nameOf('carol', there), other, there.edge)
    carol.take(invite)
    const [request, text] = carol.reply('200 OK', 'INVITE', [], AUDIO)
    request.answer(text)
    await bob.gets(/^SIP\/2\.0 200/)
    await bob.send('ACK')
    await other.expect(/^ACK /)
  })
})

describe('GRUUs', () => {
  test.for(ends)('lead requests in a dialog to a browser; %s hangs up', async end => {
    const there = place(withGruus)
    const bob = await Bob.registered(there)
    const alice = await browser(there, 'plain')
    const session = alice.call(uriOf('bob', there), SILENT)
    const confirmed = happens(session, 'confirmed')
    const invite = await bob.gets(/^INVITE /)
    expect(invite.message.header('Contact')).toContain(`<${uriOf('alice', there)};gr=urn:uuid:`)
    bob.answers('200 OK', AUDIO)
    await bob.gets(/^ACK /)
    await confirmed
    await talk(session, bob)
    await hangUp(end, session, bob)
  })

  test.for(['pub', 'temp'])('find a phone from outside: %s-gruu', async kind => {
    const there = place(withGruus)
    const bob = await Bob.registered(there)
    const { phone, contact } = await flow(there, 1)
    const [, gruu = ''] = new RegExp(`${kind}-gruu="([^"]+)"`).exec(contact) ?? []
    expect(gruu).toContain(';gr')
    await bob.send('MESSAGE', gruu, 'aloha')
    const { message } = await phone.expect(/^MESSAGE /)
    expect(message.uri).toBe('sip:carol@10.0.0.1;transport=tcp')
  })
})
