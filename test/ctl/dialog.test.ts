import { expect, test } from 'vitest'
import { kamctl } from '../kit/ctl.ts'
import { FakeFleet, FakeNode } from '../kit/fake-node.ts'

const row = (callId: string, state: number, start_ts: number) => ({
  h_entry: 7,
  h_id: 4552,
  from_uri: 'sip:alice@example.org',
  to_uri: 'sip:bob@example.org',
  'call-id': callId,
  start_ts,
  state,
})

test('calls are shown as a table', async () => {
  const node = new FakeNode('n1')
  node.replies.set('dlg.briefing', [row('a@h', 2, 0), row('b@h', 4, 1_795_303_556)])
  const { code, out } = await kamctl(new FakeFleet(node), ['dialog', 'brief'])
  expect(code).toBe(0)
  expect(out).toBe(
    [
      'DIALOG  STATE    FROM                   TO                   CALL-ID  ANSWERED',
      '7:4552  ringing  sip:alice@example.org  sip:bob@example.org  a@h      -',
      '7:4552  talking  sip:alice@example.org  sip:bob@example.org  b@h      2026-11-21T23:25:56',
      '',
    ].join('\n'),
  )
  expect(node.asked).toEqual([['dlg.briefing', 'ftcSs']])
})

const states = { starting: 0, connecting: 0, answering: 0, ongoing: 1, all: 1 }

test.for([
  [['terminate', 'a@h', 'f', 't'], ['dlg.terminate_dlg', 'a@h', 'f', 't'], undefined],
  [['end', '7', '4552'], ['dlg.end_dlg', 7, 4552], undefined],
  [['profile_size', 'caller', 'alice'], ['dlg.profile_get_size', 'caller', 'alice'], 2],
  [['profile_list', 'inbound'], ['dlg.profile_list', 'inbound'], []],
  [['match', 'callid', 'eq', 'a@h'], ['dlg.list_match', 'callid', 'eq', 'a@h'], []],
  [['match', 'furi', 'sw', 'sip:a', '3'], ['dlg.list_match', 'furi', 'sw', 'sip:a', 3], []],
  [['stats_active'], ['dlg.stats_active'], states],
  [['list'], ['dlg.list'], []],
] as const)('dialog %j', async ([words, asked, answer]) => {
  const node = new FakeNode('n1')
  node.replies.set(asked[0], answer)
  const { code } = await kamctl(new FakeFleet(node), ['dialog', ...words])
  expect(code).toBe(0)
  expect(node.asked).toEqual([asked])
})

test('a call on a production node is not ended without a word', async () => {
  const node = new FakeNode('n1')
  const words = ['dialog', 'terminate', 'a@h', 'f', 't']
  const { code, err } = await kamctl(new FakeFleet(node), words, { environment: 'prod' })
  expect([code, node.asked]).toEqual([8, []])
  expect(err).toContain('will end the call a@h f t on n1 (PROD)')
})
