import { describe, expect, test } from 'vitest'
import { type Call, type Note, buildCall } from '../../../../rpc/fleet/call.ts'
import { type LadderOptions, drawLadder, listLines } from '../../../../rpc/fleet/ladder.ts'
import { lineWidth, textOf, toAnsi, trimLine } from '../../../../rpc/fleet/line.ts'
import { Story, alice, answeredCall, bob, n1, phone, sipText } from '../../../kit/sip-story.ts'

const OPTIONS: LadderOptions = {
  width: 80,
  clock: 'delta',
  brief: false,
  unfold: false,
  scroll: 0,
}

const draw = (call: Call, options: Partial<LadderOptions> = {}): string[] => {
  const { head, rows } = drawLadder(call, { ...OPTIONS, ...options })
  return [...head, ...rows.map(row => row.line)].map(line => textOf(line).trimEnd())
}
const callOf = (story: Story, notes: Note[] = []): Call => buildCall(story.told(), notes)!

test('a call over two nodes, at 80 columns', () => {
  expect(draw(callOf(answeredCall()))).toEqual([
    'CALL alice → bob  ANSWERED 00:00:02  PDD 0.30s  2 nodes  7f3a91c2@phone',
    '               alice             n1               n2               bob',
    '          127.0.0.1:7001   127.0.0.1:5060   127.0.0.1:5062   127.0.0.1:7002',
    '  0.000          │── INVITE sdp ─▶│                │                │',
    ' +0.000          │◀─ 100 Trying ──│                │                │',
    ' +0.001          │                │── INVITE sdp ─▶│                │',
    ' +0.001          │                │◀─ 100 Trying ──│                │',
    ' +0.001          │                │                │── INVITE sdp ─▶│',
    ' +0.301          │                │                │◀ 180 Ringing ──│',
    ' +0.000          │                │◀ 180 Ringing ──│                │',
    ' +0.001          │◀ 180 Ringing ──│                │                │',
    ' +1.001          │                │                │◀─ 200 OK sdp ──│',
    ' +0.000          │                │◀─ 200 OK sdp ──│                │',
    ' +0.001          │◀─ 200 OK sdp ──│                │                │',
    ' +0.001          │───── ACK ─────▶│                │                │',
    ' +0.000          │                │───── ACK ─────▶│                │',
    ' +0.001          │                │                │───── ACK ─────▶│',
    ' +2.001          │                │                │◀──── BYE ──────│',
    ' +0.000          │                │◀──── BYE ──────│                │',
    ' +0.001          │◀──── BYE ──────│                │                │',
    ' +0.001          │── 200 OK BYE ─▶│                │                │',
    ' +0.000          │                │── 200 OK BYE ─▶│                │',
    ' +0.001          │                │                │── 200 OK BYE ─▶│',
  ])
})

test.for([40, 60, 80, 100, 160, 240])('no row is wider than %d columns', width => {
  const call = callOf(answeredCall())
  for (const clock of ['delta', 'offset', 'wall'] as const) {
    const { head, rows } = drawLadder(call, { ...OPTIONS, width, clock })
    for (const line of [...head, ...rows.map(row => row.line)])
      expect(lineWidth(line)).toBeLessThanOrEqual(width)
  }
})

test('lanes that do not fit are counted, the first one stays when they scroll', () => {
  const call = callOf(answeredCall())
  const first = drawLadder(call, { ...OPTIONS, width: 40 })
  expect([first.hiddenLeft, first.hiddenRight]).toEqual([0, 1])
  expect(textOf(first.head[1]!)).toMatch(/^‹1 more› +alice +n1 +n2 *$/)
  const last = drawLadder(call, { ...OPTIONS, width: 40, scroll: 9 })
  expect([last.hiddenLeft, last.hiddenRight]).toEqual([1, 0])
  expect(textOf(last.head[1]!)).toMatch(/alice +n2 +bob *$/)
})

test('times since the start, and of the day', () => {
  const call = callOf(answeredCall())
  expect(draw(call, { clock: 'offset' }).at(-1)).toMatch(/^ {2}3\.309 /)
  expect(draw(call, { clock: 'wall', width: 120 }).at(-1)).toMatch(/^\d\d:00:03\.309800 /)
})

test('plain characters for terminals that have no others', () => {
  const { head, rows } = drawLadder(callOf(answeredCall()), OPTIONS)
  const style = { colour: false, ascii: true }
  const lines = [...head, ...rows.map(row => row.line)].map(line => toAnsi(trimLine(line), style))
  expect(lines[3]).toBe('  0.000          |-- INVITE sdp ->|                |                |')
  expect(lines.join('')).toMatch(/^[\x20-\x7e]*$/)
})

describe('retransmissions', () => {
  const story = (): Story => {
    const invite = sipText('INVITE sip:bob@example.org')
    return new Story()
      .send(alice, n1, invite)
      .wait(500_000)
      .send(alice, n1, invite)
      .wait(1_000_000)
      .send(alice, n1, invite)
      .send(n1, alice, sipText('SIP/2.0 100 Trying'))
  }

  test('are one row with their number', () => {
    const rows = draw(callOf(story()), { width: 100 }).slice(3)
    expect(rows).toHaveLength(3)
    expect(rows[1]).toContain('INVITE ×3')
    expect(rows[1]).toContain('! retransmission')
  })

  test('or each a row of its own', () => {
    const rows = draw(callOf(story()), { unfold: true }).slice(3)
    expect(rows.map(row => /×\d/.exec(row)?.[0])).toEqual([undefined, '×2', '×3', undefined])
  })

  test('or none, with 100 left out too', () => {
    expect(draw(callOf(story()), { brief: true }).slice(3)).toHaveLength(1)
  })

  test('are counted in the summary', () => {
    expect(draw(callOf(story()), { width: 120 })[0]).toContain('2 retransmissions')
  })
})

test('fork branches have numbers', () => {
  const carol = phone('carol', '127.0.0.1:7003')
  const story = new Story()
    .send(alice, n1, sipText('INVITE sip:bob@example.org', { branch: 'a' }))
    .send(n1, bob, sipText('INVITE sip:bob@127.0.0.1:7002', { branch: 'b', vias: 2 }))
    .send(n1, carol, sipText('INVITE sip:carol@127.0.0.1:7003', { branch: 'c', vias: 2 }))
    .send(carol, n1, sipText('SIP/2.0 486 Busy Here', { branch: 'c', vias: 2 }))
  expect(
    draw(callOf(story))
      .slice(3)
      .map(row => row.slice(8, 12).trim()),
  ).toEqual(['A', 'A.1', 'A.2', 'A.2'])
})

test('log lines stand on the lane of their node', () => {
  const call = callOf(answeredCall())
  const note = { node: 'n2', time: call.start + 1200, text: 'to \x1b[31mbob', failure: false }
  const rows = draw(callOf(answeredCall(), [note]))
  const row = rows.find(text => text.includes('to ^[[31mbob'))!
  expect(row.indexOf('·')).toBe(rows[3]!.indexOf('│') + 34)
})

test('what a peer writes cannot command the terminal', () => {
  const evil = new Story()
    .send(alice, n1, sipText('INVITE sip:\x1b]0;x\x07@h', { from: 'al\x1bice', callId: 'i\x07d' }))
    .send(n1, alice, sipText('SIP/2.0 404 \x1b[2JNot', { callId: 'i\x07d' }))
  const call = callOf(evil)
  const text = [...draw(call, { width: 200 }), ...listLines(call).map(textOf)].join('')
  expect(text).not.toMatch(/\p{Cc}/u)
})

test('a message to oneself turns round', () => {
  const story = new Story().send(n1, n1, sipText('INVITE sip:bob@example.org'))
  expect(draw(callOf(story)).at(-1)).toContain('│↺ INVITE')
})

test('a list, one line a message', () => {
  const lines = listLines(callOf(answeredCall())).map(textOf)
  expect(lines).toHaveLength(20)
  expect(lines[0]).toMatch(/^\d\d:00:00\.000500 A alice>n1 INVITE sdp cseq=1 INVITE$/)
})
