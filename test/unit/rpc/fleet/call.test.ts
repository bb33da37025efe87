import { describe, expect, test } from 'vitest'
import { buildCall, placeNotes } from '../../../../rpc/fleet/call.ts'
import { callIdOf, callsOf, gapNotes, notesFor } from '../../../../rpc/fleet/calls.ts'
import {
  Story,
  alice,
  answeredCall,
  bob,
  n1,
  node,
  phone,
  sipText,
} from '../../../kit/sip-story.ts'

const callOf = (story: Story) => buildCall(story.told())!

test('lanes come in the order of the path, phones by their users', () => {
  const { lanes } = callOf(answeredCall())
  expect(lanes.map(({ name, node: isNode }) => [name, isNode])).toEqual([
    ['alice', false],
    ['n1', true],
    ['n2', true],
    ['bob', false],
  ])
})

test('a host is one lane whatever its ports, unless it is loopback', () => {
  const calling = phone('carol', '192.0.2.7:49152')
  const called = phone('carol', '192.0.2.7:5060')
  const edge = node('edge', '198.51.100.1:5060')
  const story = new Story()
    .send(calling, edge, sipText('REGISTER sip:example.org', { from: 'carol', to: 'carol' }))
    .send(edge, called, sipText('OPTIONS sip:carol@192.0.2.7', { to: 'carol' }))
  const { lanes } = callOf(story)
  expect(lanes.map(({ name, addresses }) => [name, addresses.length])).toEqual([
    ['carol', 2],
    ['edge', 1],
  ])
})

test('a peer that relays for others is called by its address', () => {
  const carrier = phone('carrier', '203.0.113.9:5060')
  const story = new Story().send(carrier, n1, sipText('INVITE sip:bob@example.org', { vias: 3 }))
  expect(callOf(story).lanes[0]?.name).toBe('203.0.113.9')
})

describe('how it ended', () => {
  const invite = sipText('INVITE sip:bob@example.org')
  const told = (...statuses: string[]): string => {
    const story = new Story().send(alice, n1, invite)
    for (const status of statuses) story.wait(100_000).send(n1, alice, sipText(`SIP/2.0 ${status}`))
    return callOf(story).outcome.word
  }

  test.for([
    [['100 Trying'], 'TRYING'],
    [['100 Trying', '180 Ringing'], 'RINGING'],
    [['180 Ringing', '200 OK'], 'TALKING'],
    [['486 Busy Here'], 'BUSY 486'],
    [['180 Ringing', '487 Request Terminated'], 'CANCELLED 487'],
    [['404 Not Found'], 'NOT FOUND 404'],
    [['180 Ringing', '408 Request Timeout'], 'NO ANSWER 408'],
    [['603 Decline'], 'DECLINED 603'],
    [['503 Service Unavailable'], 'FAILED 503'],
    [['407 Proxy Authentication Required', '200 OK'], 'TALKING'],
    [['407 Proxy Authentication Required'], 'FAILED 407'],
  ] as const)('%j: %s', ([statuses, word]) => {
    expect(told(...statuses)).toBe(word)
  })

  test('what another branch was told does not count', () => {
    const story = new Story()
      .send(alice, n1, invite)
      .send(n1, bob, sipText('INVITE sip:bob@127.0.0.1', { branch: 'b', vias: 2 }))
      .send(bob, n1, sipText('SIP/2.0 486 Busy Here', { branch: 'b', vias: 2 }))
    expect(callOf(story).outcome.word).toBe('TRYING')
  })

  test('time talked and delay after dialling', () => {
    const { outcome } = callOf(answeredCall())
    expect(outcome.word).toBe('ANSWERED')
    expect(outcome.talked).toBeCloseTo(2, 1)
    expect(outcome.postDialDelay).toBeCloseTo(0.3, 1)
  })

  test.for([
    ['200 OK', 'REGISTERED'],
    ['403 Forbidden', 'REFUSED 403'],
  ] as const)('REGISTER with %s: %s', ([status, word]) => {
    const cseq = '1 REGISTER'
    const story = new Story()
      .send(alice, n1, sipText('REGISTER sip:example.org'))
      .send(n1, alice, sipText(`SIP/2.0 ${status}`, { cseq }))
    expect(callOf(story).outcome.word).toBe(word)
  })
})

test('many calls, the newest first, each with its own messages', () => {
  const story = answeredCall().wait(1_000_000)
  story.send(alice, n1, sipText('INVITE sip:carol@example.org', { callId: 'second' }))
  const calls = callsOf(story.told())
  expect(calls.map(({ callId, steps }) => [callId, steps.length])).toEqual([
    ['second', 1],
    ['7f3a91c2@phone', 20],
  ])
})

test.for([
  ['INVITE sip:a SIP/2.0\r\nCall-ID: abc@x \r\n\r\n', 'abc@x'],
  ['INVITE sip:a SIP/2.0\r\ni:abc\r\n\r\n', 'abc'],
  ['INVITE sip:a SIP/2.0\r\nCALL-ID :abc\r\n\r\n', 'abc'],
  ['INVITE sip:a SIP/2.0\r\nX: y\r\n\r\n', ''],
] as const)('the Call-ID of %j is %j', ([text, callId]) => {
  expect(callIdOf(text)).toBe(callId)
})

test('log lines belong to a call when their text or prefix names it', () => {
  const base = { seq: 1, time: 1000, level: 1, name: 'NOTICE', source: '<script>', prefix: '' }
  const lines = [
    { ...base, text: 'about 7f3a91c2@phone' },
    { ...base, text: 'hello', prefix: '{1 INVITE 7f3a91c2@phone} ', level: -1 },
    { ...base, text: 'something else' },
  ]
  const notes = notesFor('7f3a91c2@phone', [{ node: 'n1', lines }])
  expect(notes.map(({ text, failure }) => [text, failure])).toEqual([
    ['about 7f3a91c2@phone', false],
    ['hello', true],
  ])
  expect(notesFor('', [{ node: 'n1', lines }])).toEqual([])
})

test('what cannot be known of a call is said', () => {
  const call = callOf(answeredCall())
  const status = { enabled: true, oldest_us: call.start - 1, wrapped: true }
  expect(gapNotes(call, [{ ...status, node: 'n1' }])).toEqual([])
  expect(gapNotes(call, [{ ...status, node: 'n1', oldest_us: call.start + 1 }])).toHaveLength(1)
  expect(gapNotes(call, [{ ...status, node: 'n2', enabled: false }])).toEqual([
    'n2: the trace is switched off',
  ])
})

describe('log lines among the messages', () => {
  const story = answeredCall()
  const { steps } = callOf(story)
  const place = (name: string, time: number): number =>
    placeNotes(steps, [{ node: name, time, text: '', failure: false }])[0]!.after

  test('stand behind the message that the node was treating, though stamped earlier', () => {
    const received = steps.findIndex(({ arrow }) => arrow.receivedBy === 'n2')
    const { time } = steps[received]!.arrow
    expect(place('n2', Math.floor(time / 1000) * 1000)).toBe(received)
  })

  test('stand by their time where the node had received nothing just then', () => {
    const last = steps.at(-1)!.arrow.time
    expect(place('n2', last + 5_000_000)).toBe(steps.length - 1)
    expect(place('n2', steps[0]!.arrow.time - 5_000_000)).toBe(-1)
  })
})
