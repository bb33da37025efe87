// One order out of what several nodes saw, whatever order it comes in and whatever their clocks
// say.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type NodeTrace, orderArrows } from '../../../../rpc/fleet/arrows.ts'
import { Story, alice, answeredCall, bob, n1, n2, n3, sipText } from '../../../kit/sip-story.ts'

const first = (text: string): string => text.split('\r\n', 1)[0]!
const told = (traces: readonly NodeTrace[]): string[] =>
  orderArrows(traces).arrows.map(({ src, dst, text }) => `${src}>${dst} ${first(text)}`)

test('what one node sent and another received is one arrow', () => {
  const { arrows } = orderArrows(answeredCall().told())
  expect(arrows).toHaveLength(20)
  const relayed = arrows.find(({ sentBy, receivedBy }) => sentBy === 'n1' && receivedBy === 'n2')
  expect(relayed?.facts.method).toBe('INVITE')
})

test('the order does not depend on the order in which messages and nodes come', () => {
  const traces = answeredCall().told()
  const expected = told(traces)
  fc.assert(
    fc.property(
      fc.shuffledSubarray(traces, { minLength: traces.length }),
      fc.infiniteStream(fc.nat()),
      (nodes, numbers) => {
        const shuffled = nodes.map(trace => ({
          ...trace,
          messages: trace.messages
            .map(message => ({ message, at: numbers.next().value as number }))
            .toSorted((a, b) => a.at - b.at)
            .map(({ message }) => message),
        }))
        expect(told(shuffled)).toEqual(expected)
      },
    ),
    { numRuns: 300 },
  )
})

test.for([-200_000, -1_000_000, 5_000_000, 40_000])(
  'a clock that is off by %d µs changes nothing, and is named',
  offset => {
    const skewed = answeredCall(new Story().skew(n2, offset))
    expect(told(skewed.told())).toEqual(told(answeredCall().told()))
    const { arrows, skews } = orderArrows(skewed.told())
    const found = (skews.get('n2') ?? 0) - (skews.get('n1') ?? 0)
    expect(Math.abs(found - offset)).toBeLessThan(1000)
    const times = arrows.map(({ time }) => time)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  },
)

test('clocks that agree are not corrected', () => {
  expect(orderArrows(answeredCall().told()).skews.size).toBe(0)
})

test('a retransmission stays a message of its own, with its own arrival', () => {
  const invite = sipText('INVITE sip:bob@example.org', { vias: 2 })
  const story = new Story().send(n1, n2, invite).wait(500_000).send(n1, n2, invite)
  const { arrows } = orderArrows(story.told())
  expect(arrows.map(({ repeat, receivedBy }) => [repeat, receivedBy])).toEqual([
    [1, 'n2'],
    [2, 'n2'],
  ])
})

test('a datagram that was lost has no receiver', () => {
  const story = new Story().send(n1, n2, sipText('INVITE sip:bob@example.org', { vias: 2 }), 'lost')
  const [arrow] = orderArrows(story.told()).arrows
  expect([arrow?.sentBy, arrow?.receivedBy]).toEqual(['n1', null])
})

test('messages that cross on the way contradict nothing', () => {
  const bye = sipText('BYE sip:alice@example.org', { branch: 'x', vias: 2 })
  const info = sipText('INFO sip:bob@example.org', { branch: 'y', vias: 2 })
  const at = (time: number) => Date.UTC(2026, 10, 21) * 1000 + time
  const hop = { proto: 'udp' }
  const there = { ...hop, src: n1.address, dst: n2.address, text: info }
  const back = { ...hop, src: n2.address, dst: n1.address, text: bye }
  const traces = [
    {
      node: 'n1',
      listeners: [n1.address],
      messages: [
        { ...there, seq: 1, direction: 'out', time_us: at(0) },
        { ...back, seq: 2, direction: 'in', time_us: at(500) },
      ],
    },
    {
      node: 'n2',
      listeners: [n2.address],
      messages: [
        { ...back, seq: 1, direction: 'out', time_us: at(100) },
        { ...there, seq: 2, direction: 'in', time_us: at(600) },
      ],
    },
  ]
  expect(told(traces).map(text => text.split(' ')[1])).toEqual(['INFO', 'BYE'])
})

describe('traces that cannot be true', () => {
  test('are shown by their clocks rather than not at all', () => {
    const text = sipText('INVITE sip:bob@example.org')
    const message = { proto: 'udp', src: 'a:1', dst: 'b:1', text, time_us: 5 }
    const other = { ...message, text: sipText('ACK sip:bob@example.org') }
    // Each node has received what the other sends later.
    const traces = [
      {
        node: 'n1',
        listeners: [],
        messages: [
          { ...message, seq: 1, direction: 'in' },
          { ...other, seq: 2, direction: 'out' },
        ],
      },
      {
        node: 'n3',
        listeners: [],
        messages: [
          { ...other, seq: 1, direction: 'in' },
          { ...message, seq: 2, direction: 'out' },
        ],
      },
    ]
    expect(orderArrows(traces).arrows).toHaveLength(2)
  })

  test('no SIP at all is a message too', () => {
    const story = new Story().send(alice, n1, 'hello').send(bob, n3, '')
    expect(orderArrows(story.told()).arrows.map(({ facts }) => facts.method)).toEqual(['', ''])
  })
})
