import { describe, expect, test } from 'vitest'
import { Contact } from '../../../../../server/modules/usrloc/api.ts'
import { SipMessage } from '../../../../../server/sip/message.ts'
import { received } from '../../../../kit/received.ts'
import { World } from '../registrar/registrar-world.ts'

function contact(uri: string, changes: Partial<Contact> = {}): Contact {
  return Object.assign(new Contact(), { uri, callId: 'c', cseq: 1 }, changes)
}

describe('usrloc', () => {
  test('names contacts as Kamailio does, each differently', () => {
    const { usrloc } = new World(5060)
    const table = usrloc.register('location')
    for (const uri of ['sip:a@b', 'sip:c@d']) table.insert('bob', contact(uri))
    const [first = '', second = ''] = table.contacts('bob').map(({ ruid }) => ruid)
    expect(first).toMatch(/^uloc-[0-9a-f]+-[0-9a-f]+-[0-9a-f]+$/)
    expect(second).toMatch(/^uloc-/)
    expect(second).not.toBe(first)
  })

  test('drops thousands of expired contacts in slices, and no others', async () => {
    const world = new World(5060, { usrloc: { timer_interval: 1 } })
    await world.start()
    const table = world.usrloc.register('location')
    const now = world.usrloc.now()
    for (let i = 0; i < 3000; i++)
      table.insert(`user${i}`, contact('sip:a@b', { expires: now + (i % 3 === 0 ? 1 : 500) }))
    world.pass(1)
    world.tick()
    // More than one slice is needed.
    expect(table.count('user2999') + table.count('user2997')).toBe(2)
    for (let i = 0; i < 10; i++) world.tick()
    let left = 0
    table.each(() => left++)
    expect(left).toBe(2000)
    expect(world.rpc('stats.get_statistics', ['usrloc:'])).toEqual([
      'usrloc:location_contacts = 2000',
      'usrloc:location_expires = 1000',
      'usrloc:location_users = 2000',
      'usrloc:registered_users = 2000',
    ])
    await world.stop()
  })

  test('never drops a permanent contact', async () => {
    const world = new World(5060, { usrloc: { timer_interval: 1 } })
    await world.start()
    world.rpc('ul.add', ['location', 'bob', 'sip:a@b', 0, 1, '.', 0, 0, 4294967295])
    world.pass(1000)
    expect(JSON.stringify(world.rpc('ul.lookup', ['location', 'bob']))).toContain('permanent')
    await world.stop()
  })

  test('does not tell apart the case of an address of record that an operator types', async () => {
    const world = new World(5060, { registrar: { case_sensitive: 1 } })
    await world.start()
    world.rpc('ul.add', ['location', 'Bob', 'sip:a@b', 0, 1, '.', 0, 0, 1])
    expect(world.rpc('ul.lookup', ['location', 'bob'])).toMatchObject({ code: 500 })
    expect(world.rpc('ul.lookup', ['location', 'Bob'])).toMatchObject({ AoR: 'Bob' })
    await world.stop()
  })

  test('changes nothing through a contact that is gone', () => {
    const table = new World(5060).usrloc.register('location')
    table.insert('bob', contact('sip:a@b'))
    const [read] = table.contacts('bob')
    expect(table.removeAll('bob')).toBe(1)
    expect(table.update(read!)).toBe(false)
    expect(table.remove(read!)).toBe(false)
    expect(table.has('bob')).toBe(false)
  })
})

describe('keepalives', () => {
  const params = { ka_mode: 1, timer_interval: 1, ka_loglevel: 0, ka_domain: 'x.org', nat_bflag: 5 }

  async function worldWith(usrloc: Record<string, string | number>, changes: Partial<Contact>) {
    const world = new World(5060, { usrloc: { ...params, ...usrloc } })
    await world.start()
    const expires = world.usrloc.now() + 1000
    const socket = world.socket
    world.usrloc
      .register('location')
      .insert('bob', contact('sip:bob@10.0.0.9:5070', { expires, socket, ...changes }))
    return world
  }

  /** What the phone answers. */
  function answerTo(request: string): string {
    const copied = request.split('\r\n').filter(line => /^(Via|From|To|Call-ID|CSeq)/.test(line))
    return ['SIP/2.0 200 OK', ...copied, 'Content-Length: 0', '', ''].join('\r\n')
  }

  test('go to each contact, and the answer is timed', async () => {
    const world = await worldWith({}, {})
    const lines: string[] = []
    world.core.log.addSink(({ text }) => lines.push(text))
    world.pass(1)
    const [sent] = world.sent
    expect(sent!.to).toMatchObject({ ip: '10.0.0.9', port: 5070 })
    const head = sent!.text.split('\r\n')
    expect(head[0]).toBe('OPTIONS sip:bob@10.0.0.9:5070 SIP/2.0')
    expect(head[1]).toMatch(/^Via: SIP\/2\.0\/UDP 127\.0\.0\.1;branch=z9hG4bK/)
    expect(head[2]).toMatch(/^From: <sip:server@kamailio\.org>;tag=uloc-/)
    expect(head[3]).toBe('To: <sip:bob@x.org>')
    expect(head[4]).toMatch(/^Call-ID: ksrulka-/)
    expect(head[5]).toBe('CSeq: 80 OPTIONS')
    world.tick(30)
    const reply = new SipMessage(answerTo(sent!.text), received(), 1)
    expect(world.core.hooks.preReply!.every(hook => hook(reply))).toBe(false)
    const table = world.usrloc.register('location')
    expect(table.contacts('bob')[0]!.roundTrip).toBe(30_000)
    expect(lines.at(-1)).toMatch(/^keepalive roundtrip: 0\.030000 sec - ruid \[uloc-/)
    await world.stop()
  })

  test('leave other replies alone', async () => {
    const world = await worldWith({}, {})
    const text = answerTo('OPTIONS x\r\nFrom: <sip:a@b>;tag=1\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\n')
    const reply = new SipMessage(text, received(), 1)
    expect(world.core.hooks.preReply!.every(hook => hook(reply))).toBe(true)
    await world.stop()
  })

  test.for([
    ['only behind a NAT', { ka_mode: 3 }, {}, 0],
    ['behind a NAT', { ka_mode: 3 }, { branchFlags: 32 }, 1],
    ['only over UDP', { ka_mode: 4 }, { uri: 'sip:bob@10.0.0.9;transport=tcp' }, 0],
    ['over UDP', { ka_mode: 4 }, {}, 1],
    ['only of this server', { ka_filter: 1 }, { serverId: 9 }, 0],
  ] as const)('%s', async ([, usrloc, changes, count]) => {
    const world = await worldWith(usrloc, changes)
    world.pass(1)
    expect(world.sent.length).toBe(count)
    await world.stop()
  })

  test('follow the received address and the Path', async () => {
    const near = await worldWith({}, { received: 'sip:192.0.2.5:99' })
    near.pass(1)
    expect(near.sent[0]!.to).toMatchObject({ ip: '192.0.2.5', port: 99 })
    await near.stop()
    const far = await worldWith({}, { path: '<sip:192.0.2.6;lr>', received: 'sip:192.0.2.5:99' })
    far.pass(1)
    expect(far.sent[0]!.to).toMatchObject({ ip: '192.0.2.6' })
    expect(far.sent[0]!.text).toContain('\r\nRoute: <sip:192.0.2.6;lr>\r\n')
    await far.stop()
  })

  test('end a contact that has been silent for too long', async () => {
    const world = await worldWith({ ka_timeout: 3 }, {})
    world.pass(3)
    expect(world.usrloc.register('location').count('bob')).toBe(1)
    world.pass(3)
    expect(world.usrloc.register('location').count('bob')).toBe(0)
    await world.stop()
  })
})
