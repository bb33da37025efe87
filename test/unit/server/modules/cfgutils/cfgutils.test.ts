import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { coreHash } from '../../../../../server/lib/core-hash.ts'
import { messageText } from '../../../../compat/pv/facts.ts'
import { Bench } from '../../../../kit/bench.ts'
import { until } from '../../../../kit/until.ts'

const PLAIN = messageText('plain')
const INVITE = messageText('invite')

const bench = (routes: string, head = ''): Promise<Bench> =>
  Bench.start(`loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "htable.so"
loadmodule "cfgutils.so"
modparam("htable", "htable", "t=>size=4")
${head}
${routes}
`)

const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms))

/** Lets the wheel turn until no route waits any more. */
async function settle({ core }: Bench): Promise<void> {
  for (let i = 0; i < 5000 && core.routes.waiting > 0; i++) {
    await pause(2)
    core.timers.run()
  }
}

const texts = ({ lines }: Bench): string[] => lines.map(line => line.text.replace('<script>: ', ''))

describe('while a route sleeps', () => {
  test('others run', async () => {
    const node = await bench(`request_route {
  if ($rm == "INVITE") { usleep(20000); xlog("woke $rm"); exit; }
  xlog("at once $rm");
}`)
    node.receive(INVITE)
    node.receive(PLAIN)
    expect(texts(node)).toEqual(['at once OPTIONS'])
    await settle(node)
    expect(texts(node)).toEqual(['at once OPTIONS', 'woke INVITE'])
  })

  test('its locks hold up those who want them', async () => {
    const node = await bench(
      `request_route {
  if ($rm == "INVITE") {
    lock("a"); sht_lock("t=>x");
    usleep(20000);
    xlog("done"); sht_unlock("t=>x"); unlock("a"); exit;
  }
  if (!trylock("a")) xlog("busy");
  sht_lock("t=>x"); xlog("item");
  lock("a"); xlog("key"); unlock("a");
}`,
      'modparam("cfgutils", "lock_set_size", 2)',
    )
    node.receive(INVITE)
    node.receive(PLAIN)
    expect(texts(node)).toEqual(['busy'])
    await settle(node)
    expect(texts(node)).toEqual(['busy', 'done', 'item', 'key'])
  })
})

test('a lock that nobody gives back is passed on after a while', async () => {
  const node = await bench(
    'request_route { lock("a"); xlog("mine"); }',
    'modparam("cfgutils", "lock_set_size", 2)',
  )
  let now = 1000
  ;(node.core.timers as unknown as { clock: { monotonic(): number } }).clock = {
    monotonic: () => now,
  }
  node.core.timers.run()
  node.receive(PLAIN)
  node.receive(PLAIN)
  expect(texts(node)).toEqual(['mine'])
  for (let i = 0; i < 60; i++) {
    now += 100
    node.core.timers.run()
  }
  await until(() => texts(node).length >= 3)
  expect(texts(node)[1]).toContain('was not given back')
  expect(texts(node)[2]).toBe('mine')
})

test('a htable lock that a finished script forgot is taken over at once', async () => {
  const node = await bench('request_route { sht_lock("t=>x"); xlog("mine"); }')
  node.receive(PLAIN)
  node.receive(PLAIN)
  expect(texts(node)).toEqual(['mine', 'mine'])
})

test('without lock_set_size there are no locks', async () => {
  const node = await bench('request_route { if (!lock("a") && !unlock("a")) xlog("none"); }')
  node.receive(PLAIN)
  expect(texts(node).at(-1)).toBe('none')
})

test('chance follows its percent', async () => {
  const node = await bench('request_route { if (rand_event()) $shv(n) = $shv(n) + 1; }')
  for (let i = 0; i < 2000; i++) node.receive(PLAIN)
  const { value } = node.rpc('pv.shvGet', 'n') as { value: number }
  expect(value).toBeGreaterThan(120)
  expect(value).toBeLessThan(280)
})

test('a file that was changed is told from one that was not', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'cfgutils-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'file')
  writeFileSync(path, 'a')
  const node = await bench(
    'request_route { exit; }',
    `modparam("cfgutils", "hash_file", "${path}")`,
  )
  expect(node.rpc('cfgutils.check_config_hash')).toBe('Identical hash')
  writeFileSync(path, 'b')
  expect(node.rpc('cfgutils.check_config_hash')).toBe('Different hash')
  rmSync(path)
  expect(() => node.rpc('cfgutils.check_config_hash')).toThrow('Failed to hash the file')
  await expect(
    bench('request_route { exit; }', 'modparam("cfgutils", "hash_file", "/nowhere")'),
  ).rejects.toThrow('cannot be read')
  const without = await bench('request_route { exit; }')
  expect(() => without.rpc('cfgutils.get_config_hash')).toThrow('No hash file')
})

test('texts share out evenly', () => {
  const slots = new Set(Array.from({ length: 200 }, (_, i) => coreHash(`call-${i}`, 'x', 4)))
  expect(slots.size).toBe(16)
})
