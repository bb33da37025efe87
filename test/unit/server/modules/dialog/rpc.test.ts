// Commands about many dialogs: the loop goes on meanwhile; and what has no place in a list.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { Dialogs } from '../../../../../server/modules/dialog/dialog.ts'
import { Dialog } from '../../../../../server/modules/dialog/dialog-record.ts'
import { CALLEE_PORT, CALLER_PORT, cases, type Step } from '../../../../compat/dialog-rpc/cases.ts'
import { play } from '../../../../compat/dialog-rpc/play.ts'
import { type DialogNode, dialogNode, othersFirst } from './dialog-bench.ts'

async function started(): Promise<{ node: DialogNode; dialogs: Dialogs }> {
  const { params, script = '' } = cases.find(one => one.name === 'commands about two calls')!
  const node = await dialogNode({ name: '', params: { ...params }, script, steps: [] }, 'none')
  onTestFinished(() => node.stop())
  return { node, dialogs: node.bench.host.instance('dialog') as Dialogs }
}

/** Many of them, answered, in four slots. */
function fill(dialogs: Dialogs, count: number): void {
  const profile = dialogs.profiles.find('inbound')!
  for (let i = 0; i < count; i++) {
    const dialog = new Dialog(i % 4, i + 1, `call${i}`, 'sip:a@h', 'sip:b@h', dialogs.fireTimer)
    dialog.state = 4
    dialogs.profiles.add(dialog, profile, '')
    dialogs.table.insert(dialog)
  }
}

async function call(node: DialogNode, name: string, ...params: unknown[]): Promise<unknown> {
  const strictness = { convert: false, skipWrongOptional: false }
  const context = { transport: 'stream', strictness, connection: null } as const
  return (await node.bench.core.rpc.call(name, params, context)).value
}

test.for([
  ['dlg.list'],
  ['dlg.briefing'],
  ['dlg.list_match', 'callid', 'sw', 'call'],
  ['dlg.profile_list', 'inbound'],
] as const)('%j of a large table lets others have their turn', async ([name, ...params]) => {
  const { node, dialogs } = await started()
  fill(dialogs, 5000)
  let turns = 0
  let isDone = false
  const answer = call(node, name, ...params).finally(() => {
    isDone = true
  })
  while (!isDone) {
    turns++
    await othersFirst()
  }
  const rows = (await answer) as { h_entry: number }[]
  expect(rows.length).toBe(5000)
  expect(turns).toBeGreaterThan(4)
  if (name !== 'dlg.profile_list')
    expect(rows.map(row => row.h_entry)).toEqual(rows.map((_, i) => Math.floor(i / 1250)))
})

test('the text of a long list is that of a short one', async () => {
  const { node, dialogs } = await started()
  fill(dialogs, 1500)
  const jsonrpcs = node.bench.host.instance('jsonrpcs') as {
    execute(text: string, transport: string): Promise<{ body: string }>
  }
  const ask = (method: string, params: string): string =>
    `{"jsonrpc":"2.0","method":"${method}","params":[${params}],"id":1}`
  const { body } = await jsonrpcs.execute(ask('dlg.briefing', '"c"'), 'fifo')
  const rows = (JSON.parse(body) as { result: object[] }).result
  expect(rows.length).toBe(1500)
  const { body: few } = await jsonrpcs.execute(
    ask('dlg.list_match', '"callid", "eq", "call7"'),
    'fifo',
  )
  expect(body.slice(0, 60)).toBe(few.slice(0, 60).replace('"h_entry":\t3', '"h_entry":\t0'))
  expect(body.replaceAll(/\t\t\t"h_entry"[^}]*/g, 'X').slice(0, 200)).toMatch(
    /"result":\t\[\{\nX\}, \{\nX\}, \{\nX\}/,
  )
})

test('a callee that sends before it answers is known by its Contact and CSeq alone', async () => {
  const { node, dialogs } = await started()
  fill(dialogs, 1)
  const callee = dialogs.table.all()[Symbol.iterator]().next().value!.legs[1]
  callee.contact = 'sip:b@phone'
  callee.cseq = '101'
  const [row] = (await call(node, 'dlg.list')) as { callee: object }[]
  expect(row!.callee).toEqual({
    tag: null,
    contact: 'sip:b@phone',
    cseq: '101',
    route_set: null,
    socket: null,
  })
})

test('pages of dialogs, in the order of their names', async () => {
  const { node, dialogs } = await started()
  fill(dialogs, 2500)
  const seen: string[] = []
  let next = ''
  do {
    const page = (await call(node, 'ohana.dialogs', next, 1000)) as {
      Dialogs: { h_entry: number; h_id: number }[]
      Next: string
    }
    expect(page.Dialogs.length).toBeLessThanOrEqual(1000)
    seen.push(...page.Dialogs.map(({ h_entry, h_id }) => `${h_entry}:${h_id}`))
    next = page.Next
  } while (next !== '')
  expect(seen.length).toBe(2500)
  expect(new Set(seen).size).toBe(2500)
  expect(seen.slice(0, 3)).toEqual(['0:1', '0:5', '0:9'])
})

test('all dialogs in a file, in the form that Kamailio writes there', async () => {
  const { node } = await started()
  const steps: Step[] = [
    { call: 'c1', does: 'call' },
    { call: 'c2', does: 'invite' },
  ]
  await play(node, { name: '', steps })
  const folder = mkdtempSync(join(tmpdir(), 'dialogs-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'dump.json')
  await call(node, 'dlg.dump_file', path)
  const lines = readFileSync(path, 'latin1').split('\n')
  expect(lines.length).toBe(3)
  const [first, second] = lines.slice(0, 2).map(line => JSON.parse(line) as Record<string, unknown>)
  expect(Object.keys(first!).join()).toBe(
    'h_entry,h_id,ref,call_id,from_uri,to_uri,state,start_ts,init_ts,end_ts,timeout,lifetime,' +
      'dflags,sflags,iflags,caller,callee,profiles,variables',
  )
  expect(first).toMatchObject({
    call_id: 'c1',
    profiles: { caller: 'alice', inbound: '' },
    variables: { foo: 'bar' },
  })
  expect(second!.callee).toEqual({ tag: '', contact: '', cseq: '', route_set: '', socket: '' })
  await expect(call(node, 'dlg.dump_file', '/nowhere/dump')).rejects.toMatchObject({ code: 500 })
})

test('a call that rings is ended as well as one that was answered', async () => {
  const { node } = await started()
  const steps: Step[] = [
    { call: 'c1', does: 'invite' },
    { call: 'c1', does: 'ring' },
    { call: 'c2', does: 'call' },
  ]
  await play(node, { name: '', steps })
  const heard = (): string[] =>
    node.bench.sent.splice(0).map(({ text, to }) => `${to.port} ${text.split(' ')[0]}`)
  const nameOf = (call: string): number[] => {
    const [row] = node.bench.rpc('dlg.dlg_list', call) as { h_entry: number; h_id: number }[]
    return [row!.h_entry, row!.h_id]
  }
  heard()
  node.bench.rpc('dlg.end_dlg', ...nameOf('c1'))
  expect(heard()).toEqual([`${CALLER_PORT} SIP/2.0`, `${CALLEE_PORT} CANCEL`])
  node.bench.rpc('dlg.end_dlg', ...nameOf('c2'), 'X-Why: tired\r\n')
  const byes = node.bench.sent.map(({ text }) => text)
  expect(byes.every(text => /^BYE [^]*\r\nX-Why: tired\r\n/.test(text))).toBe(true)
  expect(heard().toSorted()).toEqual([`${CALLER_PORT} BYE`, `${CALLEE_PORT} BYE`])
})
