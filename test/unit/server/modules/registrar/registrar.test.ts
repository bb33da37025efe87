import { describe, expect, test } from 'vitest'
import {
  CONTACT_EXPIRED,
  CONTACT_INSERTED,
  CONTACT_UPDATED,
} from '../../../../../server/modules/usrloc/api.ts'
import { messageText, type Word } from '../../../../compat/registrar/facts.ts'
import { World } from './registrar-world.ts'

const SAVE: Word[] = [['call', 'save', 'location']]

function register(world: World, contact: string, headers: string[] = [], words = SAVE): string[] {
  world.run(world.message(messageText({ register: [contact], headers }, world.nextCSeq())), words)
  return world.replies.sent.splice(0)[0] ?? []
}

function request(world: World, uri: string, words: Word[]): string[] {
  world.marks.length = 0
  world.run(world.message(messageText({ request: `INVITE ${uri}` }, 1)), words)
  return world.marks.splice(0)
}

describe('registrar', () => {
  test.for([['flow_timer', { flow_timer: 10 }, /flow_timer needs outbound_mode/]] as const)(
    'refuses %s, which it cannot keep',
    ([, registrar, sentence]) => {
      expect(() => new World(5060, { registrar: { ...registrar } })).toThrow(sentence)
    },
  )

  test('runs the event route for a contact that expires, with its attributes', async () => {
    const world = new World(5060, { registrar: { min_expires: 1 }, usrloc: { timer_interval: 1 } })
    world.eventRoute('usrloc:contact-expired', [['print', 'gone: $ulc(exp=>aor) $ulc(exp=>addr)']])
    await world.start()
    register(world, '<sip:a@1.1.1.1>;expires=2')
    world.marks.length = 0
    world.pass(1)
    expect(world.marks).toEqual([])
    world.pass(2)
    expect(world.marks).toEqual(['gone: bob sip:a@1.1.1.1'])
    expect(world.rpc('stats.get_statistics', ['usrloc:'])).toContain('usrloc:location_expires = 1')
    expect(request(world, 'sip:x@y', [['print', '$ulc(exp=>aor)']])).toEqual(['<null>'])
    await world.stop()
  })

  test('tells other modules what becomes of contacts', () => {
    const world = new World(5060, { registrar: { min_expires: 1 } })
    const told: string[] = []
    world.usrloc.onContact(CONTACT_INSERTED | CONTACT_UPDATED, (contact, event) =>
      told.push(`${event} ${contact.uri}`),
    )
    world.usrloc.onContact(CONTACT_EXPIRED, contact => told.push(`expired ${contact.uri}`))
    register(world, '<sip:a@1.1.1.1>;expires=1')
    register(world, '<sip:a@1.1.1.1>;expires=1')
    expect(told).toEqual([`${CONTACT_INSERTED} sip:a@1.1.1.1`, `${CONTACT_UPDATED} sip:a@1.1.1.1`])
  })

  test('marks contacts that belong into memory only, until they come without that flag', () => {
    const world = new World(5060)
    const flags: number[] = []
    world.usrloc.onContact(CONTACT_INSERTED | CONTACT_UPDATED, contact => flags.push(contact.flags))
    register(world, '<sip:a@1.1.1.1>', [], [['call', 'save', 'location', '0x01']])
    register(world, '<sip:a@1.1.1.1>', [], [['call', 'save', 'location', '0x05']])
    register(world, '<sip:a@1.1.1.1>')
    expect(flags).toEqual([1, 1, 0])
  })

  test('finds a temporary GRUU', () => {
    const world = new World(5060)
    const reply = register(world, '<sip:a@1.1.1.1>;+sip.instance="<i>"', ['Supported: gruu'])
    register(world, '<sip:b@1.1.1.1>')
    const gruu = /temp-gruu="([^"]+)"/.exec(reply[1]!)![1]!
    const [verdict, target] = request(world, gruu, [['call', 'lookup', 'location'], ['show']])
    expect(verdict).toBe('lookup 1')
    expect(target).toContain('ru=sip:a@1.1.1.1|')
    expect(request(world, gruu.replace(/uloc/, 'ulox'), [['call', 'lookup', 'location']])).toEqual([
      'lookup -1',
    ])
    expect(request(world, 'sip:bob@x;gr', [['call', 'lookup', 'location']])).toEqual(['lookup -3'])
  })

  test('looks up branches that are nothing but a URI', () => {
    const world = new World(5060)
    register(world, '<sip:b@1.1.1.1>')
    const eve = { register: ['<sip:e@1.1.1.2>', '<sip:e@1.1.1.3>'], to: '<sip:eve@x>' }
    world.run(world.message(messageText(eve, 9)), SAVE)
    const words: Word[] = [
      ['append_branch', 'sip:eve@x'],
      ['append_branch', 'sip:zed@x'],
    ]
    const branches = request(world, 'sip:bob@x', [
      ...words,
      ['call', 'lookup_branches', 'location'],
      ['show'],
    ])
    const targets = branches.map(line => line.split('|')[0])
    expect(targets).toEqual([
      'lookup_branches 1',
      'ru=sip:b@1.1.1.1',
      'uri=sip:e@1.1.1.2',
      'uri=sip:zed@x',
      'uri=sip:e@1.1.1.3',
    ])
    expect(branches[2]).toContain('ruid=uloc-')
  })

  test('keeps the attributes that the script gave a contact', () => {
    const world = new World(5060, { usrloc: { xavp_contact: 'ua' } })
    register(world, '<sip:a@1.1.1.1>', [], [['xavp', 'ua=>n', 1], ...SAVE])
    register(world, '<sip:b@1.1.1.1>', [], [['xavp', 'ua=>n', 2], ...SAVE])
    const words: Word[] = [
      ['call', 'lookup', 'location'],
      ['print', '$xavp(ua=>n) $xavp(ua[1]=>n)'],
    ]
    expect(request(world, 'sip:bob@x', words)).toEqual(['lookup 1', '1 2'])
  })

  test('filters contacts by branch flags', () => {
    const params = { registrar: { xavp_cfg: 'reg', lookup_filter_mode: 1 } }
    const world = new World(5060, params)
    register(world, '<sip:a@1.1.1.1>', [], [['setbflag', 3], ...SAVE])
    register(world, '<sip:b@1.1.1.1>', [], [['setbflag', 4], ...SAVE])
    const words: Word[] = [
      ['xavp', 'reg=>rlf_bflags', 16],
      ['call', 'lookup', 'location'],
      ['show'],
    ]
    expect(request(world, 'sip:bob@x', words)[1]).toContain('ru=sip:b@1.1.1.1|')
  })

  test('uses contacts that have expired when it is told to', () => {
    const world = new World(5060, { registrar: { min_expires: 1, use_expired_contacts: 1 } })
    register(world, '<sip:a@1.1.1.1>;expires=1')
    world.pass(2)
    expect(request(world, 'sip:bob@x', [['call', 'lookup', 'location']])).toEqual(['lookup 1'])
  })

  test('stores what another registrar has accepted, and sends nothing', () => {
    const world = new World(5060)
    const head = messageText({ register: ['<sip:a@1.1.1.1>;expires=60'] }, 3)
    const reply = head.replace(/^REGISTER .*\r\n/, 'SIP/2.0 200 OK\r\n')
    world.run(world.message(reply), SAVE)
    expect(world.marks.splice(0)).toEqual(['save 1'])
    expect(world.replies.sent).toEqual([])
    expect(request(world, 'sip:bob@x', [['call', 'registered', 'location']])).toEqual([
      'registered 1',
    ])
  })

  test('adds the socket for another server', () => {
    const world = new World(5060)
    const msg = world.message(messageText({ register: ['<sip:a@b>'] }, 1))
    world.run(msg, [['call', 'add_sock_hdr', 'Sock-Info']])
    expect(msg.edits!.map(edit => edit.text)).toEqual(['Sock-Info: udp:127.0.0.1:5060\r\n'])
  })

  test('stores the advertised address with sock_mode 1', () => {
    const world = new World(
      5060,
      { registrar: { sock_mode: 1 } },
      { host: '203.0.113.9', port: 5099 },
    )
    register(world, '<sip:a@1.1.1.1>')
    const answer = JSON.stringify(world.rpc('ul.lookup', ['location', 'bob']))
    expect(answer).toContain('"Socket":"udp:203.0.113.9:5099"')
  })
})
