// Where we follow RFC 3261 section 10.3 and the real Kamailio does not.
import { describe, expect, test } from 'vitest'
import { messageText, type Step, type Word } from '../../../../compat/registrar/facts.ts'
import { World } from './registrar-world.ts'

const SAVE: Word[] = [['call', 'save', 'location']]

/** Sends a REGISTER; the status, the error and the contacts of the reply. */
function register(world: World, contacts: string[], step: Step = {}, words = SAVE): string[] {
  const msg = world.message(messageText({ register: contacts, ...step }, step.cseq ?? 1))
  world.run(msg, words)
  return world.replies.sent.splice(0)[0]!
}

const EXPIRES_0 = { headers: ['Expires: 0'] }
const OK = 'SIP/2.0 200 OK'
const BAD = 'SIP/2.0 400 Bad Request'

describe('a contact is the same by RFC 3261 section 19.1.4', () => {
  test.for([
    ['sip:%62ob@10.0.0.1', 'sip:bob@10.0.0.1'],
    ['SIP:bob@Phone.Example.Com', 'sip:bob@phone.example.com'],
    ['sip:bob@10.0.0.1;Transport=UDP', 'sip:bob@10.0.0.1;transport=udp'],
    ['sip:bob@10.0.0.1;x=1', 'sip:bob@10.0.0.1;y=2'],
    ['sip:bob@10.0.0.1;a=1;b=2', 'sip:bob@10.0.0.1;b=2;a=1'],
  ] as const)('%s and %s', ([first, second]) => {
    const world = new World(5060)
    register(world, [`<${first}>`], { cseq: 1 })
    expect(register(world, [`<${second}>`], { cseq: 2 })).toEqual([
      OK,
      `Contact: <${second}>;expires=3600`,
    ])
  })

  test.for([
    ['sip:Bob@10.0.0.1', 'sip:bob@10.0.0.1'],
    ['sip:bob@10.0.0.1', 'sip:bob@10.0.0.1:5060'],
    ['sip:bob@10.0.0.1', 'sips:bob@10.0.0.1'],
    ['sip:bob@10.0.0.1', 'sip:bob@10.0.0.1;transport=tcp'],
    ['sip:bob@10.0.0.1;x=1', 'sip:bob@10.0.0.1;x=2'],
    ['sip:bob@10.0.0.1?H=1', 'sip:bob@10.0.0.1'],
  ] as const)('but not %s and %s', ([first, second]) => {
    const world = new World(5060)
    register(world, [`<${first}>`], { cseq: 1 })
    const contacts = `Contact: <${first}>;expires=3600, <${second}>;expires=3600`
    expect(register(world, [`<${second}>`], { cseq: 2 })).toEqual([OK, contacts])
  })
})

describe('a request is carried out as a whole or not at all', () => {
  const stored = 'Contact: <sip:a@1.1.1.1>;expires=3600'

  test.for([
    ['a malformed q', ['<sip:b@1.1.1.1>, <sip:c@1.1.1.1>;q=7'], 'Invalid q param in contact'],
    ['an old CSeq', ['<sip:b@1.1.1.1>, <sip:a@1.1.1.1>'], 'Invalid CSeq number'],
    [
      'a malformed reg-id',
      ['<sip:b@1.1.1.1>;+sip.instance="<i>";reg-id=0'],
      'Invalid reg-id param in contact',
    ],
  ] as const)('%s', ([, contacts, error]) => {
    const world = new World(5060)
    register(world, ['<sip:a@1.1.1.1>'], { cseq: 9 })
    const [status, ...headers] = register(world, [...contacts], { cseq: 8 })
    expect(status).toBe(BAD)
    expect(headers).toEqual([stored, `P-Registrar-Error: ${error}`])
    expect(register(world, [], { cseq: 10 })).toEqual([OK, stored])
  })

  test('a Path that the phone does not support', () => {
    const world = new World(5060, { registrar: { use_path: 1, path_mode: 2 } })
    const path = { headers: ['Path: <sip:p;lr>'] }
    expect(register(world, ['<sip:a@1.1.1.1>'], path)).toEqual([
      'SIP/2.0 420 Bad Extension',
      'Unsupported: path',
      'P-Registrar-Error: No support for found Path indicated',
    ])
    expect(register(world, [])).toEqual([OK])
  })
})

describe('the star', () => {
  test('does not remove a contact that is newer than the request', () => {
    const world = new World(5060)
    register(world, ['<sip:a@1.1.1.1>'], { cseq: 9 })
    const [status] = register(world, ['*'], { cseq: 9, ...EXPIRES_0 })
    expect(status).toBe(BAD)
    expect(register(world, ['*'], { cseq: 10, ...EXPIRES_0 })).toEqual([OK])
  })

  test('stands alone, also within one header', () => {
    const world = new World(5060)
    expect(register(world, ['*, <sip:a@b>'], EXPIRES_0)).toEqual([
      BAD,
      'P-Registrar-Error: * used in contact and more than 1 contact',
    ])
  })
})

describe('the order of requests', () => {
  test('counts for a phone with an instance as well', () => {
    const world = new World(5060)
    const phone = ';+sip.instance="<urn:uuid:1>"'
    register(world, [`<sip:a@1.1.1.1>${phone}`], { cseq: 9 })
    expect(register(world, [`<sip:a@1.1.1.2>${phone}`], { cseq: 8 })[0]).toBe(BAD)
    expect(register(world, [`<sip:a@1.1.1.2>${phone}`], { cseq: 8, id: 'reboot' })[0]).toBe(OK)
  })

  test('does not count for a contact that has expired', () => {
    const world = new World(5060, { registrar: { min_expires: 1 } })
    register(world, ['<sip:a@1.1.1.1>;expires=1'], { cseq: 9 })
    world.pass(2)
    expect(register(world, ['<sip:a@1.1.1.1>'], { cseq: 1 })[0]).toBe(OK)
  })
})

describe('times and preferences', () => {
  test('a time beyond 2**32-1 is the longest there is', () => {
    const world = new World(5060)
    expect(register(world, ['<sip:a@1.1.1.1>'], { headers: ['Expires: 99999999999'] })).toEqual([
      OK,
      'Contact: <sip:a@1.1.1.1>;expires=2494967295',
    ])
    const limited = new World(5060, { registrar: { max_expires: 7200 } })
    expect(register(limited, ['<sip:a@1.1.1.1>;expires=4294967296'])[1]).toContain('expires=7200')
  })

  test('a random time stays within its percentage', () => {
    const params = { registrar: { default_expires: 1000, default_expires_range: 20 } }
    const world = new World(5060, params)
    for (let cseq = 1; cseq < 50; cseq++) {
      const [, contact = ''] = register(world, ['<sip:a@1.1.1.1>'], { cseq })
      const seconds = Number(/expires=(\d+)/.exec(contact)?.[1])
      expect(seconds).toBeGreaterThanOrEqual(800)
      expect(seconds).toBeLessThanOrEqual(1000)
    }
    const fixed: Word[] = [['call', 'save', 'location', '0x08']]
    expect(register(world, ['<sip:a@1.1.1.1>'], { cseq: 60 }, fixed)[1]).toContain('expires=1000')
  })

  test('the contact whose preference changes is listed where it belongs', () => {
    const world = new World(5060)
    register(world, ['<sip:a@1.1.1.1>;q=0.9', '<sip:b@1.1.1.1>;q=0.5'], { cseq: 1 })
    expect(register(world, ['<sip:a@1.1.1.1>;q=0.2'], { cseq: 2 })[1]).toBe(
      'Contact: <sip:b@1.1.1.1>;q=0.5;expires=3600, <sip:a@1.1.1.1>;q=0.2;expires=3600',
    )
  })
})

describe('what cannot be an address of record or a contact', () => {
  test.for([
    ['a To without a user', { to: '<sip:@example.org>' }, ['<sip:a@b>'], 'Error while parsing AOR'],
    ['a To that is no URI', { to: '<nothing>' }, ['<sip:a@b>'], 'Error while parsing AOR'],
    ['a contact without a host', {}, ['<sip:>'], 'Contact parse error'],
    ['a contact that is no URI', {}, ['<bob>'], 'Contact parse error'],
  ] as const)('%s', ([, step, contacts, error]) => {
    const world = new World(5060)
    expect(register(world, [...contacts], step)).toEqual([BAD, `P-Registrar-Error: ${error}`])
  })
})
