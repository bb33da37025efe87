import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import recorded from '../../../../compat/rpc/binrpc-replies.json' with { type: 'json' }
import type { Caller } from '../../../../../server/core/rpc/registry.ts'
import { Binrpc } from '../../../../../server/modules/ctl/binrpc.ts'
import cfgRpc from '../../../../../server/modules/cfg_rpc/cfg_rpc.module.ts'
import counters from '../../../../../server/modules/counters/counters.module.ts'
import jsonrpcs from '../../../../../server/modules/jsonrpcs/jsonrpcs.module.ts'
import { readRecords } from '../../../../../rpc/wire/binrpc-read.ts'
import { testModules, withPstn } from '../modules-for-test.ts'

const { core } = testModules(
  [jsonrpcs, cfgRpc, counters],
  [['counters', 'script_counter', 'my.cnt hello counter']],
  withPstn,
)
const binrpc = new Binrpc(core.rpc)
const strict: Caller = {
  transport: 'binrpc',
  strictness: { convert: false, skipWrongOptional: true },
  connection: null,
}
const loose: Caller = { ...strict, strictness: { convert: true, skipWrongOptional: true } }
const ask = async (request: string, caller = strict): Promise<string> =>
  (await binrpc.answer(Buffer.from(request, 'hex'), caller))!.toString('hex')

describe('the packets of Kamailio 5.6.3, byte by byte', () => {
  // The working directory is the machine's.
  const exchanges = recorded.exchanges.filter(({ method }) => method !== 'core.pwd')
  test.for(exchanges)('$method $params', async ({ request, reply }) => {
    expect(await ask(request)).toBe(reply)
  })

  test.for([
    [
      'no packet',
      'deadbeef',
      '91' + '1e' + Buffer.from('bad request: corrupted packet\0').toString('hex'),
    ],
    [
      'no command',
      'a1000011',
      Buffer.from('bad request method: end of packet encountered\0').toString('hex'),
    ],
    [
      'a number for the command',
      'a10002111005',
      Buffer.from("bad request method: record doesn't match type\0").toString('hex'),
    ],
  ])('%s is a fault', async ([, request = '', text]) => {
    const reply = await ask(request)
    expect(reply.slice(0, 4)).toBe('a130')
    expect(reply.endsWith(text!)).toBe(true)
  })

  test('a cookie comes back as the number that it is', async () => {
    expect(
      await ask('a103140000000791' + '0a' + Buffer.from('core.echo\0').toString('hex') + '217800'),
    ).toBe('a11003072178' + '00')
  })
})

describe('whatever the bytes are', () => {
  test('records are values or a sentence', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), bytes => {
        const records = readRecords(Buffer.from(bytes))
        expect(typeof records === 'string' || Array.isArray(records)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  test('a request is answered and the stream reader ends what makes no sense', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 60 }), async bytes => {
        const packets = binrpc.reader().push(Buffer.from(bytes))
        for (const packet of packets ?? []) {
          expect((await binrpc.answer(packet, loose))![0]).toBe(0xa1)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('requests are found however the stream is cut', () => {
    const stream = Buffer.concat(recorded.exchanges.map(e => Buffer.from(e.request, 'hex')))
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 10 }), cuts => {
        const reader = binrpc.reader()
        const at = [0, ...cuts.toSorted((a, b) => a - b), stream.length]
        const found: Buffer[] = []
        for (let i = 1; i < at.length; i++) {
          found.push(...reader.push(stream.subarray(at[i - 1], at[i]))!)
        }
        expect(found.map(packet => packet.toString('hex'))).toEqual(
          recorded.exchanges.map(e => e.request),
        )
      }),
      { numRuns: 100 },
    )
  })
})

test('autoconversion takes a number for a text and digits for a number', async () => {
  const records = (...parts: string[]): string => {
    const body = parts.join('')
    return `a100${(body.length / 2).toString(16).padStart(2, '0')}01${body}`
  }
  const name = (text: string): string => {
    const bytes = Buffer.from(`${text}\0`)
    return `91${bytes.length.toString(16).padStart(2, '0')}${bytes.toString('hex')}`
  }
  const prints = records(name('core.prints'), '1005')
  expect(await ask(prints)).toBe('a1100001')
  expect(await ask(prints, loose)).toBe('a1100301' + '213500')
  expect(await ask(records(name('core.printi'), '213700'), loose)).toBe('a1100201' + '1007')
})
