// What the recorded stories of test/compat/topology do not say of topos: forks, early dialogs,
// masked Call-IDs, header modes, storages that fail, wrong parameters.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { toposD, toposT } from '../../../../../server/core/db/tables/topos.ts'
import { benchLine } from '../../../../compat/topology/bench-line.ts'
import { MODULES, ROUTES } from '../../../../compat/topology/facts.ts'
import { CALL_ID, PORTS, SECRET, Story } from '../../../../compat/topology/story.ts'
import { tablesOf } from '../../../../compat/topology/tables.ts'
import { Bench } from '../../../../kit/bench.ts'
import { sqliteFile } from '../../../../kit/sqlite-file.ts'
import { SipText } from '../../../../kit/sip-text.ts'
import { until } from '../../../../kit/until.ts'

class Node {
  readonly bench: Bench
  readonly database: string
  readonly story: Story

  private constructor(bench: Bench, database: string) {
    this.bench = bench
    this.database = database
    this.story = new Story(benchLine(bench))
  }

  static async start(params = '', routes = ROUTES, before = '', path = ''): Promise<Node> {
    const folder = mkdtempSync(join(tmpdir(), 'topos-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const database = path || join(folder, 'topos.db')
    const url =
      existsSync(dirname(database)) && !existsSync(database)
        ? sqliteFile(database, toposD, toposT)
        : `sqlite:///${database}`
    const bench = await Bench.start(`debug=1
server_signature=no
${MODULES.map(name => `loadmodule "${name}.so"`).join('\n')}
${before}
loadmodule "db_sqlite.so"
loadmodule "topos.so"
modparam("topos", "db_url", "${url}")
${params}
${routes}
`)
    onTestFinished(() => bench.host.stop())
    return new Node(bench, database)
  }

  get complaints(): string[] {
    return this.bench.lines.map(line => line.text).filter(text => text.includes('topos'))
  }
}

/** Alice and Bob, and the call rings. */
async function ringing(node: Node): Promise<Story> {
  await node.story.invite()
  await node.story.answer('bob', 'INVITE', '180 Ringing')
  return node.story
}

test('requests in an early dialog find their way in both directions', async () => {
  const { story } = await ringing(await Node.start()).then(told => ({ story: told }))
  await story.say('alice', story.request('alice', 'PRACK'))
  expect(story.last('bob', 'PRACK').uri).toBe(`sip:bob@${SECRET.bob}:5070;ob`)
  expect(story.last('bob', 'PRACK').header('Contact')).toBe('')
  story.sides.bob.routes = story.sides.bob.routes.slice(1)
  await story.inside('alice', 'UPDATE')
  await story.inside('bob', 'UPDATE')
  expect(story.last('alice', 'UPDATE').uri).toBe(`sip:alice@${SECRET.alice}:5070;ob`)
  expect(story.last('alice', 'UPDATE').header('Contact')).toMatch(/^<sip:atpsh-/)
})

test('an early dialog outlives a restart', async () => {
  const first = await Node.start()
  const told = await ringing(first)
  await first.bench.host.stop()
  const second = await Node.start('', ROUTES, '', first.database)
  Object.assign(second.story.sides, told.sides)
  await second.story.say('alice', second.story.request('alice', 'UPDATE'))
  expect(second.story.last('bob', 'UPDATE').uri).toBe(`sip:bob@${SECRET.bob}:5070;ob`)
})

test('messages of a call that has to be loaded keep their order', async () => {
  const first = await Node.start()
  const { story } = first
  await ringing(first)
  await story.answer('bob', 'INVITE', '200 OK')
  await story.say('alice', story.request('alice', 'ACK'))
  await first.bench.host.stop()
  const { bench } = await Node.start('', ROUTES, '', first.database)
  const texts = ['INFO', 'MESSAGE', 'INFO', 'BYE'].map(method => story.request('alice', method))
  for (const text of texts) bench.receive(text)
  expect(bench.sent).toEqual([])
  const toBob = () => bench.sent.filter(({ to }) => to.port === PORTS.bob)
  await until(() => toBob().length >= texts.length)
  const sent = toBob()
  expect(sent.map(({ text }) => new SipText(text).cseq)).toEqual([2, 3, 4, 5])
})

test('three forks: each has a dialog of its own, and the one that answers keeps it', async () => {
  const forks = [PORTS.bob, PORTS.bob + 1, PORTS.bob + 2]
  const routes = ROUTES.replace(
    '  record_route();\n  t_relay();',
    `  record_route();
  append_branch("sip:bob@127.0.0.1:${forks[1]}");
  append_branch("sip:bob@127.0.0.1:${forks[2]}");
  t_relay();`,
  )
  const { bench, story, database } = await Node.start('', routes, 'loadmodule "corex.so"')
  await story.invite()
  const invites = forks.map(port => {
    const sent = bench.sent.find(({ text, to }) => to.port === port && text.startsWith('INVITE'))
    return new SipText(sent!.text)
  })
  const contacts = invites.map(invite => invite.header('Contact'))
  expect(new Set(contacts).size).toBe(3)
  const reply = (index: number, status: string): string => {
    const invite = invites[index]!
    const copied = ['Via', 'From', 'Call-ID', 'CSeq'].map(name => `${name}: ${invite.header(name)}`)
    return [
      `SIP/2.0 ${status}`,
      ...copied,
      `To: ${invite.header('To')};tag=fork${index}`,
      `Contact: <sip:fork${index}@10.0.0.${index + 6}>`,
      `Record-Route: <sip:127.0.0.1:${forks[index]};lr>`,
      'Content-Length: 0',
      '\r\n',
    ].join('\r\n')
  }
  for (const [index, port] of forks.entries()) bench.receive(reply(index, '180 Ringing'), port)
  bench.receive(reply(1, '200 OK'), forks[1])
  const cancels = () => bench.sent.filter(({ text }) => text.startsWith('CANCEL'))
  const hears = () =>
    bench.sent.filter(({ to }) => to.port === PORTS.alice).map(one => new SipText(one.text))
  await until(() => hears().some(({ status }) => status === 200) && cancels().length >= 2)
  const heard = hears()
  const answered = heard.find(message => message.status === 200)!
  const rung = heard.filter(message => message.status === 180)
  expect(new Set(rung.map(message => message.header('Contact'))).size).toBe(3)
  expect(answered.header('Contact')).toBe(rung[1]!.header('Contact'))
  expect(cancels().map(({ to }) => to.port)).toEqual([forks[0], forks[2]])
  Object.assign(story.sides.alice, {
    peer: answered.header('To'),
    target: answered.header('Contact').slice(1, -1),
    routes: [],
  })
  bench.receive(story.request('alice', 'BYE'))
  await until(() => bench.sent.at(-1)!.text.startsWith('BYE'))
  const bye = bench.sent.at(-1)!
  expect([bye.to.port, new SipText(bye.text).uri]).toEqual([forks[1], 'sip:fork1@10.0.0.7'])
  await bench.host.stop()
  const rows = tablesOf(database).topos_t!.filter(row => row.s_method === 'INVITE')
  expect(rows.map(row => row.b_tag)).toEqual(['fork0', 'fork1', 'fork2'])
})

test('a retransmission is stripped as the first was, and nothing is stored twice', async () => {
  const routes = ROUTES.replace('record_route();\n  t_relay();', 'record_route(); forward();')
  const { bench, story, database } = await Node.start('', routes)
  await story.invite()
  await story.say('alice', story.transcript[0]!.slice('alice says '.length))
  const invites = bench.sent.filter(({ text }) => text.startsWith('INVITE'))
  expect(invites).toHaveLength(2)
  expect(new Set(invites.map(({ text }) => text)).size).toBe(1)
  await bench.host.stop()
  expect(tablesOf(database).topos_d).toHaveLength(1)
  expect(tablesOf(database).topos_t).toHaveLength(1)
})

const MASKED = ['loadmodule "topoh.so"', 'modparam("topoh", "use_mode", 1)'].join('\n')

test('mask_callid: the callee sees another Call-ID throughout', async () => {
  const { bench, story } = await Node.start('modparam("topos", "mask_callid", 1)', ROUTES, MASKED)
  await story.call()
  for (const { who, message } of story.heard) {
    const callId = message.header('Call-ID')
    if (who === 'alice') expect(callId).toBe(CALL_ID)
    else expect(callId).toMatch(/^!!:/)
    if (who === 'bob') expect(message.text).not.toContain(SECRET.alice)
  }
  expect(bench.lines.filter(line => / request .*!!:/.test(line.text))).toEqual([])
})

test('a cancelled call with masked Call-IDs', async () => {
  const { story } = await Node.start('modparam("topos", "mask_callid", 1)', ROUTES, MASKED)
  await story.cancelled()
  expect(story.last('bob', 'CANCEL').header('Call-ID')).toMatch(/^!!:/)
  expect(story.last('bob', 'ACK').header('Call-ID')).toMatch(/^!!:/)
  expect(story.last('alice', '487 INVITE').header('Call-ID')).toBe(CALL_ID)
})

test('mask_callid without topoh: Call-IDs stay', async () => {
  const { story } = await Node.start('modparam("topos", "mask_callid", 1)')
  await story.invite()
  expect(story.last('bob', 'INVITE').header('Call-ID')).toBe(CALL_ID)
})

test('header_mode: one value a line', async () => {
  const { story } = await ringing(await Node.start('modparam("topos", "header_mode", 7)')).then(
    told => ({ story: told }),
  )
  expect(story.last('alice', '180 INVITE').text.match(/^Via: /gm)).toHaveLength(2)
})

test('rr_update: a re-INVITE that records another route', async () => {
  const { story } = await Node.start('modparam("topos", "rr_update", 1)')
  await story.invite()
  await story.answer('bob', 'INVITE', '200 OK')
  await story.say('alice', story.request('alice', 'ACK'))
  story.sides.bob.routes = story.sides.bob.routes.slice(1)
  const more = [`Record-Route: <sip:127.0.0.1:${PORTS.alice};lr;x=new>`]
  const again = story.request('alice', 'INVITE', { more })
  await story.say('alice', again)
  await story.answer('bob', 'INVITE', '200 OK')
  await story.inside('bob', 'BYE')
  // Nobody recorded a route of ours this time, so that the first one is taken for it.
  expect(story.last('alice', 'BYE').all('Route')).toEqual([
    `<sip:127.0.0.1:${PORTS.alice};lr;x=up>`,
  ])
})

test('tps_set_context: the route names the context of the dialog', async () => {
  const routes = ROUTES.replace(
    '  record_route();',
    '  tps_set_context("trunk-$fU"); record_route();',
  )
  const { bench, story, database } = await Node.start('', routes)
  await story.invite()
  expect(story.last('bob', 'INVITE').header('Contact')).toContain('-trunk-alice@')
  await bench.host.stop()
  expect(tablesOf(database).topos_d![0]!.x_context).toBe('trunk-alice')
})

test('drop in an event route leaves a message as it is', async () => {
  for (const event of ['outgoing', 'sending']) {
    const { story } = await Node.start('', `${ROUTES}\nevent_route[topos:msg-${event}] { drop; }`)
    await story.invite()
    expect(story.last('bob', 'INVITE').text).toContain(SECRET.alice)
  }
})

test('methods_noinitial and a request that was not record-routed', async () => {
  const routes = ROUTES.replace('if (is_method("OPTIONS"))', 'if (0)').replace(
    'record_route();',
    '',
  )
  const ask = async (params: string): Promise<Story> => {
    const { story } = await Node.start(params, routes)
    const uri = `sip:bob@127.0.0.1:${PORTS.bob}`
    await story.say('alice', story.request('alice', 'OPTIONS', { uri, to: `<${uri}>`, cseq: 1 }))
    await story.answer('bob', 'OPTIONS', '200 OK')
    return story
  }
  const left = await ask('modparam("topos", "methods_noinitial", "OPTIONS")')
  expect(left.last('bob', 'OPTIONS').text).toContain(SECRET.alice)
  const stripped = await ask('')
  expect(stripped.last('bob', 'OPTIONS').text.replace(CALL_ID, '')).not.toContain(SECRET.alice)
  expect(stripped.last('alice', '200 OPTIONS').all('Via')).toHaveLength(2)
})

test('the script may ask for masked Call-IDs', async () => {
  const routes = `request_route {
  get_callid_mask("$ci", "$var(m)"); get_callid_unmask("$var(m)", "$var(u)");
  xlog("L_ALERT", "$var(m) $var(u)"); }`
  const { bench, story } = await Node.start('modparam("topos", "mask_callid", 1)', routes, MASKED)
  await story.invite()
  expect(bench.lines.map(line => line.text).join('\n')).toMatch(new RegExp(`!!:\\S+ ${CALL_ID}`))
})

test('what does not belong to a dialog that is known passes', async () => {
  const { bench, story } = await Node.start()
  const uri = `sip:atpsh-0-0-0-0@127.0.0.1:${PORTS.bob}`
  await story.say('alice', story.request('alice', 'INFO', { uri, to: '<sip:b@h>;tag=x', cseq: 1 }))
  expect(bench.lines.some(line => line.text.includes('INFO sip:atpsh-0-0-0-0'))).toBe(true)
})

test('a storage that cannot be opened stops the start', async () => {
  await expect(Node.start('', ROUTES, '', '/nowhere/topos.db')).rejects.toThrow('unable to open')
})

test.each([
  ['modparam("topos", "db_url", "mysql://k:secret@localhost/k")', 'Module db_mysql not found'],
  ['modparam("topos", "storage", "memory")', 'unknown storage type: memory'],
  ['modparam("topos", "storage", "redis")', 'nobody gives the storage redis'],
  ['modparam("topos", "contact_mode", 2)', 'contact_mode parameter is 2'],
  ['modparam("topos", "sanity_checks", 1)', 'sanity_checks needs the module sanity'],
  ['modparam("topos", "methods_noinitial", "INVTE")', 'INVTE is no method'],
])('%s is refused', async (params, text) => {
  await expect(Node.start(params)).rejects.toThrow(text)
})
