import { beforeEach, describe, expect, test } from 'vitest'
import { SipMessage } from '../../../../../server/sip/message.ts'
import { printRequest } from '../../../../../server/sip/print.ts'
import { LISTEN, messageText } from '../../../../compat/rr/facts.ts'
import { received } from '../../../../kit/received.ts'
import { RrWorld, sockets } from './rr-world.ts'

let world: RrWorld

beforeEach(() => {
  world = new RrWorld({})
})

function request(headers: string[] = [], to = '<sip:b@c>;tag=t1'): SipMessage {
  const text = messageText({ calls: [], request: 'INVITE sip:bob@10.0.0.9', to, headers })
  return new SipMessage(text, received({ srcIp: '127.0.0.1', socket: sockets.main }), 1)
}

const lines = (msg: SipMessage, name: string, socket = sockets.main): string[] =>
  printRequest(msg, msg.uri, 'Via: x\r\n', '', socket)
    .split('\r\n')
    .filter(line => line.startsWith(name))

const OURS = 'Record-Route: <sip:127.0.0.1:27160;lr;ftag=f1>'

describe('record routing', () => {
  test('takes its header back whole, and may add it again', () => {
    const msg = request([], '<sip:b@c>')
    world.call(msg, 'record_route')
    world.call(msg, 'remove_record_route')
    expect(lines(msg, 'Record-Route')).toEqual([])
    expect(lines(msg, ';lr')).toEqual([])
    expect(world.call(msg, 'record_route')).toBe(1)
    expect(lines(msg, 'Record-Route')).toEqual([OURS])
  })

  test.for(['loose_route', 'loose_route_preloaded'])('%s wants a request URI', name => {
    // As the real Kamailio answered.
    const msg = request(['Route: <sip:127.0.0.1:27160;lr>', 'Route: <sip:10.0.0.3;lr>'])
    msg.setUri('nonsense')
    expect(world.call(msg, name)).toBe(-1)
    expect(msg.dstUri).toBe('')
  })

  test('knows the direction of a request once loose_route() has read its route', () => {
    const route = 'Route: <sip:127.0.0.1:27160;lr;ftag=t1>'
    const msg = request([route])
    expect(world.call(msg, 'is_direction', 'upstream')).toBe(-1)
    world.call(msg, 'record_route')
    expect(lines(msg, 'Record-Route')).toEqual([OURS])
    const routed = request([route])
    world.call(routed, 'loose_route')
    expect(world.call(routed, 'is_direction', 'upstream')).toBe(1)
    world.call(routed, 'record_route')
    expect(lines(routed, 'Record-Route')).toEqual([OURS.replace('f1', 't1')])
  })

  test('adds parameters of a branch to that branch only', () => {
    const msg = request([], '<sip:b@c>')
    world.call(msg, 'add_rr_param', ';all=1')
    world.call(msg, 'record_route')
    const common = msg.edits!.length
    for (const branch of ['0', '1']) {
      world.call(msg, 'add_rr_param', `;b=${branch}`)
      expect(lines(msg, 'Record-Route')).toEqual([OURS.replace('>', `;all=1;b=${branch}>`)])
      // As tm does behind each branch route.
      msg.edits!.length = common
    }
  })

  test('names both sides of each branch', () => {
    const msg = request([], '<sip:b@c>')
    world.call(msg, 'record_route')
    expect(lines(msg, 'Record-Route')).toEqual([OURS])
    expect(lines(msg, 'Record-Route', sockets.stream)).toEqual([
      'Record-Route: <sip:127.0.0.1:27160;transport=tcp;r2=on;lr;ftag=f1>',
      'Record-Route: <sip:127.0.0.1:27160;r2=on;lr;ftag=f1>',
    ])
  })

  test('adds parameters to a preset address', () => {
    const msg = request([], '<sip:b@c>')
    world.call(msg, 'record_route_preset', '192.0.2.1;x')
    expect(world.call(msg, 'add_rr_param', ';y')).toBe(1)
    expect(lines(msg, 'Record-Route')).toEqual(['Record-Route: <sip:192.0.2.1;x;ftag=f1;lr;y>'])
  })
})

describe('loose routing', () => {
  test('leaves a request alone whose second Route does not parse', () => {
    const msg = request([`Route: <sip:127.0.0.1:27160;lr>`, 'Route: garbage'])
    expect(world.call(msg, 'loose_route')).toBe(-1)
    expect(msg.edits).toBe(null)
  })

  test('takes off the second of two routes only when it is ours', () => {
    const msg = request(['Route: <sip:127.0.0.1:27160;lr;r2=on>, <sip:192.0.2.1;lr>'])
    expect(world.call(msg, 'loose_route')).toBe(1)
    expect(msg.dstUri).toBe('sip:192.0.2.1;lr')
    expect(lines(msg, 'Route')).toEqual(['Route: <sip:192.0.2.1;lr>'])
    expect(world.log).toEqual(['no socket found to match second RR (sip:192.0.2.1;lr)'])
  })

  test('knows its advertised address', () => {
    expect(LISTEN.advertised).toContain('203.0.113.1:5066')
    const msg = request(['Route: <sip:203.0.113.1:5066;lr>'])
    expect(world.call(msg, 'loose_route')).toBe(1)
    expect(lines(msg, 'Route')).toEqual([])
  })

  test('tells other modules of the parameters that came back', () => {
    const told: string[] = []
    world.rr.onRoute((_msg, params) => told.push(`late ${params}`), 5)
    world.rr.onRoute((_msg, params) => told.push(`early ${params}`), 1)
    const msg = request(['Route: <sip:127.0.0.1:27160;lr;did=7a;nat>'])
    world.call(msg, 'loose_route')
    expect(told).toEqual(['early ;lr;did=7a;nat', 'late ;lr;did=7a;nat'])
    expect(world.rr.routeParam(msg, 'did')).toBe('7a')
    expect(world.rr.routeParam(msg, 'nat')).toBe('')
    expect(world.rr.routeParam(msg, 'none')).toBe(null)
    expect(world.rr.routeParam(request(), 'did')).toBe(null)
    expect(world.rr.routeParams(msg)).toBe(';lr;did=7a;nat')
  })

  test('is not confused by brackets in a display name', () => {
    const msg = request(['Route: "a <b> \\" , c" <sip:127.0.0.1:27160;lr>,<sip:p1;lr>'])
    expect(world.call(msg, 'loose_route')).toBe(1)
    expect(msg.dstUri).toBe('sip:p1;lr')
    expect(lines(msg, 'Route')).toEqual(['Route: <sip:p1;lr>'])
  })
})

describe('arguments that are wrong', () => {
  test.for([
    ['is_direction', 'sideways', /is no direction/],
    ['check_route_param', '(', /./],
    ['check_route_param', '', /empty expression/],
  ] as const)('%s(%s)', ([name, argument, sentence]) => {
    expect(() => world.call(request(), name, argument)).toThrow(sentence)
  })
})
