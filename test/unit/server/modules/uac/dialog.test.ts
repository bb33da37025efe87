// What uac keeps in dialogs, where it is not as in Kamailio: the rest is in compat/uac-dialog.
import { expect, test } from 'vitest'
import { Replay } from '../../../../compat/dialog/replay.ts'
import { RESTORE } from '../../../../compat/uac-dialog/restored.ts'
import { Bench } from '../../../../kit/bench.ts'

const setupOf = (name: string) => RESTORE.find(setup => setup.name === name)!

/** The lines of this header in what was heard after each step. */
async function heard(name: string, header: string, steps: string[]): Promise<string[][]> {
  const replay = await Replay.start(setupOf(name))
  const told = await replay.tell({ name: 'call', steps })
  await replay.stop()
  const wanted = (line: string): boolean => line.startsWith(`${header}: `)
  return told.map(({ heard: texts = [] }) => texts.flatMap(text => text.split('\n').filter(wanted)))
}

const ANSWERED = ['alice INVITE | X-From: sip:nobody@example.net', 'bob 200', 'alice ACK']

test('a reply to the callee has the To of its request', async () => {
  const told = await heard('auto', 'To', [...ANSWERED, 'bob INFO', 'alice 200 INFO'])
  expect(told.slice(3)).toEqual([
    ['To: "alice" <sip:alice@example.com>;tag=a1'],
    ['To: "alice" <sip:nobody@example.net>;tag=a1'],
  ])
})

test('a name that was left alone is left alone in later requests', async () => {
  const told = await heard('auto', 'From', [...ANSWERED, 'alice INFO'])
  expect(told.at(-1)).toEqual(['From: "alice" <sip:nobody@example.net>;tag=a1'])
})

test('the ACK to a challenge within a dialog has the number of its INVITE', async () => {
  const challenge = 'bob 401 | WWW-Authenticate: Digest realm="example.org", nonce="abc"'
  const steps = ['alice INVITE', challenge, 'bob 200', 'alice ACK', 'alice INVITE', challenge]
  const told = await heard('counted', 'CSeq', steps)
  expect(told.at(-2)).toEqual(['CSeq: 3 INVITE'])
  expect(told.at(-1)!.toSorted()).toEqual(['CSeq: 3 ACK', 'CSeq: 4 INVITE'])
})

test('without dialogs nothing is kept in them', async () => {
  const modules = ['tm', 'rr', 'uac'].map(name => `loadmodule "${name}.so"`).join('\n')
  const params = ['"rr", "append_fromtag", 1', '"uac", "restore_dlg", 1']
  const lines = params.map(param => `modparam(${param})`).join('\n')
  const config = `${modules}\n${lines}\nrequest_route {\n  exit;\n}\n`
  await expect(Bench.start(config)).rejects.toThrow("can't load dialog API")
})
