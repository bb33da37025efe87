// What a node says of the cases of test/compat, each a route of its own that X-Test picks.
import { answersOf } from '../compat/random/statements.ts'
import { MARK, request } from '../compat/script/cases.ts'
import type { Bench } from './bench.ts'
import { PEER_PORT } from './bench-ports.ts'

/** One case after the other: they may change tables, and wait for that. */
export async function askCases(bench: Bench, count: number): Promise<string[]> {
  for (let i = 0; i < count; i++) {
    bench.receive(request(PEER_PORT, `X-Test: ${i}\r\n`))
    while (bench.core.routes.waiting > 0) await new Promise(later => setTimeout(later, 1))
  }
  const traces = bench.lines.filter(({ text }) => text.includes(MARK))
  const texts = traces.map(({ text }) => text.slice(text.indexOf(MARK) + MARK.length).trimEnd())
  return answersOf(texts.join('\n'), count)
}

/** Calls an RPC command that may take its time, as a JSON client does. */
export async function callRpc(bench: Bench, name: string, ...params: unknown[]): Promise<unknown> {
  const strictness = { convert: false, skipWrongOptional: false }
  const how = { transport: 'stream', strictness, connection: null } as const
  return (await bench.core.rpc.call(name, params, how)).value
}
