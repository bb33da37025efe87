// siputils beyond what test/compat/textops says of it.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { printRequest } from '../../../../../server/sip/print.ts'
import { messageText } from '../../../../compat/textops/facts.ts'
import { Stage } from '../textops/text-stage.ts'

const request = (...replace: [string, string][]): string =>
  messageText({ name: '', replace, steps: [] })

const ask = (name: string, ...args: string[]): number => {
  const stage = new Stage()
  return stage.call(stage.message(request()), name, ...args)
}

describe('the URIs of RFC 3261 section 19.1.4', () => {
  test.for([
    ['sip:%61lice@atlanta.com;transport=TCP', 'sip:alice@AtLanTa.CoM;Transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com;newparam=5'],
    ['sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;newparam=5'],
    [
      'sip:biloxi.com;transport=tcp;method=REGISTER?to=sip:bob%40biloxi.com',
      'sip:biloxi.com;method=REGISTER;transport=tcp?to=sip:bob%40biloxi.com',
    ],
    [
      'sip:alice@atlanta.com?subject=project%20x&priority=urgent',
      'sip:alice@atlanta.com?priority=urgent&subject=project%20x',
    ],
    ['tel:+1-(201)-555', 'tel:+1201555'],
  ] as const)('%s is %s', ([a, b]) => {
    expect([ask('cmp_uri', a, b), ask('cmp_uri', b, a)]).toEqual([1, 1])
  })

  test.for([
    ['SIP:ALICE@AtLanTa.CoM;Transport=udp', 'sip:alice@AtLanTa.CoM;Transport=UDP'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:5060'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com;transport=udp'],
    ['sip:bob@biloxi.com', 'sip:bob@biloxi.com:6000;transport=tcp'],
    ['sip:carol@chicago.com', 'sip:carol@chicago.com?Subject=next%20meeting'],
    ['sip:bob@phone21.boxesbybob.com', 'sip:bob@192.0.2.4'],
    ['sip:carol@chicago.com;security=on', 'sip:carol@chicago.com;security=off'],
    ['sip:a@b', 'sips:a@b'],
    ['sip:a@b', 'sip:b'],
  ] as const)('%s is not %s', ([a, b]) => {
    expect([ask('cmp_uri', a, b), ask('cmp_uri', b, a)]).toEqual([-1, -1])
  })
})

describe('contacts', () => {
  const part = fc.stringMatching(/^[a-z0-9.-]{1,12}$/)
  const contact = fc
    .tuple(part, part, fc.integer({ min: 1, max: 65535 }), fc.constantFrom('', 'udp', 'tls'))
    .map(([user, host, port, transport]) =>
      transport === ''
        ? `sip:${user}@${host}:${port}`
        : `sip:${user}@${host}:${port};transport=${transport}`,
    )

  const through = (uri: string, there: (string | number)[], back: (string | number)[]): string => {
    const stage = new Stage()
    const msg = stage.message(request(['sip:alice@192.0.2.1:5062;ob', uri]))
    for (const [name, ...args] of [there, ['msg_apply_changes'], back, ['msg_apply_changes']])
      expect(stage.call(msg, String(name), ...args)).toBe(1)
    return msg.header(6) ?? ''
  }

  test('come back from encode_contact as they were', () => {
    fc.assert(
      fc.property(contact, uri => {
        const back = through(uri, ['encode_contact', 'nat', 'public'], ['decode_contact_header'])
        expect(back).toBe(`<${uri}>`)
      }),
      { numRuns: 50 },
    )
  })

  test('come back from contact_param_encode as they were', () => {
    const there = ['contact_param_encode', 'ksu', 'sip:proxy;transport=tcp']
    fc.assert(
      fc.property(contact, uri => {
        expect(through(uri, there, ['contact_param_decode', 'ksu'])).toBe(`<${uri}>`)
      }),
      { numRuns: 50 },
    )
  })
})

// What the real Kamailio made of it.
test.for([
  ['rm nat, rm x', 'sip:a@10.0.0.1;foo=1;transport=udp'],
  ['rm nat, rm nat', 'sip:a@10.0.0.1;x=1;foo=1;transport=udp'],
  ['rm foo, rm transport, rm none', 'sip:a@10.0.0.1;nat=9~5;x=1'],
  ['encode y, rm nat', 'sip:p;y=c2lwOmFAMTAuMC4wLjE7bmF0PTl-NTt4PTE7Zm9vPTE7dHJhbnNwb3J0PXVkcA'],
] as const)('several contact_param_* on one contact: %s', ([calls, after]) => {
  const stage = new Stage()
  const msg = stage.message(
    request(['sip:alice@192.0.2.1:5062;ob', 'sip:a@10.0.0.1;nat=9~5;x=1;foo=1;transport=udp']),
  )
  for (const call of calls.split(', ')) {
    const [verb, name] = call.split(' ')
    const args =
      verb === 'rm' ? ['contact_param_rm', name!] : ['contact_param_encode', name!, 'sip:p']
    expect(stage.call(msg, args[0]!, ...args.slice(1))).toBe(1)
  }
  expect(printRequest(msg, msg.uri, '', '')).toContain(`Contact: <${after}>\r\n`)
})

test.for(['sip:a@10.0.0.1;nat', 'sip:a@10.0.0.1;nat='])('%s is not encoded', uri => {
  const stage = new Stage()
  const msg = stage.message(request(['sip:alice@192.0.2.1:5062;ob', uri]))
  expect(stage.call(msg, 'contact_param_decode', 'nat')).toBe(1)
  expect(printRequest(msg, msg.uri, '', '')).toContain(`Contact: <${uri}>\r\n`)
})

test('uri_param_rm does not mind how a parameter is spelled', () => {
  const stage = new Stage()
  const msg = stage.message(request(['sip:bob@example.org SIP', 'sip:bob@example.org;Foo=1;x SIP']))
  expect(stage.call(msg, 'uri_param_rm', 'fOO')).toBe(1)
  expect(msg.uri).toBe('sip:bob@example.org;x')
})

test('a charging vector is made once, and taken back', () => {
  const stage = new Stage()
  const msg = stage.message(request())
  expect(stage.call(msg, 'sip_p_charging_vector', 'g')).toBe(1)
  const id = String(stage.read(msg, '$pcv(value)'))
  expect(id).toMatch(/^[0-9A-F]{32}$/)
  stage.call(msg, 'sip_p_charging_vector', 'g')
  const sent = printRequest(msg, msg.uri, '', '')
  const line = `P-Charging-Vector: icid-value=${id}; icid-generated-at=127.0.0.1\r\n`
  expect(sent.split(line)).toHaveLength(2)
  stage.call(msg, 'sip_p_charging_vector', 'r')
  expect(printRequest(msg, msg.uri, '', '')).toBe(request())
  expect(stage.read(msg, '$pcv(all)')).toBeNull()
})

test('a reply whose topmost Record-Route is the address it came from is no first hop', () => {
  const reply = (port: number): string =>
    messageText({
      name: '',
      reply: true,
      replace: [['From:', `Record-Route: <sip:127.0.0.1:${port};lr>\r\nFrom:`]],
      steps: [],
    })
  const stage = new Stage(27190)
  const looped = stage.message(reply(27190))
  expect(stage.call(looped, 'is_first_hop')).toBe(-1)
  expect(stage.call(looped, 'is_first_hop', 1)).toBe(1)
  expect(stage.call(stage.message(reply(5060)), 'is_first_hop', 1)).toBe(-1)
})

test('Date is measured against the clock', () => {
  const stage = new Stage(5060, {}, Date.UTC(2026, 10, 21, 12, 0, 30))
  const date = ['User-Agent: Phone 1.0', 'Date: Sat, 21 Nov 2026 12:00:00 GMT'] as const
  const msg = stage.message(request([...date]))
  expect(stage.call(msg, 'hdr_date_check', 30)).toBe(1)
  expect(stage.call(msg, 'hdr_date_check', 29)).toBe(-4)
})
