// What the real Kamailio asked RADIUS servers and made of their answers, again with ours.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { FakeRadius } from '../../../../compat/acc/radius.ts'
import {
  type Facts,
  FOLDER,
  maskPacket,
  NONCE,
  type Question,
  requestText,
} from '../../../../compat/auth_radius/facts.ts'
import { script } from '../../../../compat/auth_radius/script.ts'
import { Bench } from '../../../../kit/bench.ts'

const MODULES = 'tm sl pv textops xlog auth auth_radius misc_radius'
const facts = JSON.parse(readFileSync(join(FOLDER, 'questions.json'), 'utf8')) as Facts

async function stage(question: Question): Promise<{ bench: Bench; server: FakeRadius }> {
  const folder = mkdtempSync(join(tmpdir(), 'ohana-radius-'))
  const server = await FakeRadius.open()
  server.code = question.code ?? 0
  server.silent = question.code === null
  server.attributes = question.attributes ?? []
  const conf = join(folder, 'radiusclient.conf')
  writeFileSync(conf, server.config(folder))
  const lines = MODULES.split(' ').map(name => `loadmodule "${name}.so"`)
  const own = { radius_config: conf }
  const { auth_radius, misc_radius } = question.params
  const params = {
    auth_radius: { ...own, ...auth_radius },
    misc_radius: { ...own, ...misc_radius },
  }
  for (const [module, values] of Object.entries(params))
    for (const [name, value] of Object.entries(values))
      lines.push(`modparam("${module}", "${name}", ${JSON.stringify(value)})`)
  const bench = await Bench.start([...lines, script(question), ''].join('\n'))
  onTestFinished(async () => {
    await bench.host.stop()
    server.close()
    rmSync(folder, { recursive: true })
  })
  return { bench, server }
}

/** The packets and the line of the script. */
async function put(question: Question): Promise<Pick<Question, 'packets' | 'result'>> {
  const { bench, server } = await stage(question)
  bench.receive(requestText({ ...question, method: 'OPTIONS', credentials: null }, ''))
  const nonce = NONCE.exec(bench.sent[0]!.text)![1]!
  bench.receive(requestText(question, nonce))
  while (bench.core.routes.waiting > 0) await pause(1)
  const line = bench.lines.map(({ text }) => text).find(text => text.includes('@@'))
  const packets = server.packets.map(packet => maskPacket(packet, nonce))
  return { packets, result: line?.slice(line.indexOf('@@') + 2).trim() ?? '(nothing)' }
}

/** Attributes in any order; what signs a packet is the library's own business. */
const sorted = (packets: readonly string[][] = []): string[][] =>
  packets.map(packet =>
    packet
      .filter(text => text !== 'SIGNED')
      // The nonce of each server has its own length, and the attribute tells it.
      .map(text => text.replace(/.NONCE$/s, 'NONCE'))
      .sort(),
  )

describe('as Kamailio asks', () => {
  test.for(facts.questions)('$name', async question => {
    const { packets, result } = await put(question)
    expect(result).toBe(question.result)
    expect(sorted(packets)).toEqual(sorted(question.packets))
  })
})

test.for([
  ['radius_www_authorize("example.org")', '-1'],
  ['radius_load_caller_avps("$fU")', '-1'],
] as const)('a silent server makes %s give %s', async ([call, result]) => {
  const question: Question = { name: '', params: {}, call, code: null, show: ['$rc'] }
  const { bench } = await stage(question)
  bench.receive(requestText({ ...question, method: 'OPTIONS', credentials: null }, ''))
  const nonce = NONCE.exec(bench.sent[0]!.text)![1]!
  bench.receive(requestText(question, nonce))
  while (bench.core.routes.waiting > 0) {
    bench.core.timers.run()
    await pause(20)
  }
  expect(bench.lines.map(({ text }) => text).join('\n')).toContain(`@@${result}`)
})
