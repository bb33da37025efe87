import { describe, expect, test } from 'vitest'
import type { Htable } from '../../../../../server/modules/htable/htable.ts'
import { readKey } from '../../../../../server/modules/htable/key.ts'
import { readSpec } from '../../../../../server/modules/htable/spec.ts'
import { Sweeper } from '../../../../../server/modules/htable/sweep.ts'
import { HashTable } from '../../../../../server/modules/htable/table.ts'
import { messageText } from '../../../../compat/pv/facts.ts'
import { Bench } from '../../../../kit/bench.ts'
import { BLIND } from '../../../../../server/script/3-check/context.ts'

const PLAIN = messageText('plain')

/** A table with a clock of its own. */
function made(spec: string): { table: HashTable; clock: { now: number } } {
  const clock = { now: 1000 }
  return { table: new HashTable(readSpec(spec), () => clock.now), clock }
}

describe('a table', () => {
  test('forgets an item when its time is over', () => {
    const { table, clock } = made('t=>autoexpire=10;initval=7')
    table.set('a', 'x')
    clock.now += 10
    expect(table.value('a')).toBe('x')
    clock.now++
    expect([table.value('a'), table.find('a')]).toEqual([7, null])
    // It stays until the sweep, and a sum begins anew.
    expect(table.size).toBe(1)
    expect(table.add32('a', 1)).toBe(8)
    expect(table.secondsLeft('a')).toBe(10)
  })

  test('renews the time with the value, unless told not to', () => {
    const { table, clock } = made('t=>autoexpire=10')
    const { table: other } = made('t=>autoexpire=10;updateexpire=0')
    for (const one of [table, other]) one.set('a', 1)
    clock.now += 6
    table.set('a', 2)
    other.set('a', 2)
    expect([table.secondsLeft('a'), other.secondsLeft('a')]).toEqual([10, 10])
    expect(table.items.get('a')!.expire).toBe(1016)
    expect(other.items.get('a')!.expire).toBe(1010)
  })

  test('wraps its sums at 32 bits', () => {
    const { table } = made('t=>initval=2147483647')
    expect(table.add32('a', 1)).toBe(-2147483648)
  })
})

describe('a sweep', () => {
  test('takes away what is over, in parts, and remembers when to look again', async () => {
    const { core } = await Bench.start('request_route { exit; }')
    const { table, clock } = made('t=>autoexpire=10')
    const gone: string[] = []
    const now = 1000
    const own = { now: () => clock.now * 1000, monotonic: () => clock.now * 1000 }
    const sweeper = new Sweeper({ ...core, clock: own }, (_table, item) => {
      gone.push(item.name)
    })
    for (let i = 0; i < 12_000; i++) table.set(`k${i}`, i)
    table.setSecondsLeft('k0', 60)
    table.setSecondsLeft('k1', 0)
    expect(table.nextExpire).toBe(now + 10)
    sweeper.sweep([table])
    expect(gone).toEqual([])
    clock.now += 11
    sweeper.sweep([table])
    expect(gone.length).toBeLessThan(6000)
    // The rest in the next turns of the wheel.
    for (let i = 0; i < 20 && table.size > 2; i++) {
      await new Promise(done => setTimeout(done, 15))
      core.timers.run()
    }
    expect([...table.items.keys()]).toEqual(['k0', 'k1'])
    expect(table.nextExpire).toBe(now + 60)
    sweeper.stop()
  })
})

describe('event routes', () => {
  test('run at the start and for what is over', async () => {
    const bench = await Bench.start(`loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "htable.so"
modparam("htable", "htable", "t=>autoexpire=1")
request_route { xlog("$sht(t=>a) $sht(t=>kept)"); }
event_route[htable:mod-init] {
  $sht(t=>a) = "x"; $shtex(t=>a) = -5; $sht(t=>kept) = 1; $shtex(t=>kept) = -5;
}
event_route[htable:expired:t] {
  xlog("$rm $shtrecord(key)=$shtrecord(value)");
  if ($shtrecord(key) == "kept") $shtex(t=>kept) = 50;
}
`)
    const self = bench.host.instance('htable') as Htable
    bench.lines.length = 0
    self.sweep()
    expect(bench.lines.map(line => line.text)).toEqual([
      '<script>: OPTIONS a=x',
      '<script>: OPTIONS kept=1',
    ])
    expect(bench.logged(PLAIN)).toEqual(['<script>: <null> 1'])
    const expire = expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
    expect(bench.rpc('htable.get', 't', 'kept')).toMatchObject({ item: { value: 1, expire } })
  })
})

test.for([
  ["t=>dbtable=x;cols='name'", 'is no name with values'],
  ["t=>dbtable=x;cols='a,b,c,d,e,f,g,h,i'", 'too many columns 9'],
  ['t=>dmqreplicate=1', 'not replicated yet'],
  ['t=>size=x', 'is no number'],
  ['t=>nonsense=1', 'is no attribute'],
  ['t=>size', 'has no value'],
  ['=>size=4', 'names no table'],
])('the table "%s" is refused', ([text, reason]) => {
  expect(() => readSpec(text!)).toThrow(reason)
})

test('a config with a mistake is refused', async () => {
  const start = (line: string): Promise<Bench> =>
    Bench.start(`loadmodule "pv.so"\nloadmodule "htable.so"\n${line}\n`)
  await expect(start('request_route { $sht(t) = 1; }')).rejects.toThrow('names no item')
  await expect(start('request_route { sht_lock("t"); }')).rejects.toThrow('names no item')
  await expect(start('request_route { $sht(t=>$nosuch) = 1; }')).rejects.toThrow('nosuch')
  await expect(start('request_route { $var(x) = $shtrecord(none); }')).rejects.toThrow('no part')
  const twice = 'modparam("htable", "htable", "t=>size=4")\n'.repeat(2)
  await expect(start(`${twice}request_route { exit; }`)).rejects.toThrow('twice')
  await expect(
    start('modparam("htable", "enable_dmq", 1)\nrequest_route { exit; }'),
  ).rejects.toThrow('DMQ')
})

test('what Kamailio 6 added', async () => {
  const bench = await Bench.start(`loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "htable.so"
modparam("htable", "htable", "t=>initval=5")
request_route {
  $sht(t=>alpha) = "x"; $sht(t=>beta) = "y"; $sht(t=>al) = "z";
  $var(i) = sht_inc("t", "n"); $var(d) = sht_dec("t", "n"); $var(no) = sht_inc("t", "alpha");
  xlog("$var(i) $var(d) $var(no)");
  sht_rm_name("t", "ew", "pha"); sht_rm_name("t", "in", "et");
  xlog("$shtcn(t=>**)");
  if (sht_is_null("t", "alpha") && !sht_is_null("t", "al")) xlog("gone");
}
`)
  expect(bench.logged(PLAIN)).toEqual(['<script>: 6 5 -1', '<script>: 2', '<script>: gone'])
})

test('without tables the commands say so', async () => {
  const bench = await Bench.start('loadmodule "htable.so"\nrequest_route { exit; }')
  expect(() => bench.rpc('htable.listTables')).toThrow('No htables')
  expect(() => bench.rpc('htable.stats')).toThrow('No htables')
})

test('a key is read once and its table found once', () => {
  const key = readKey(' t =>a b', BLIND)
  expect([key.tableName, key.name(null as never)]).toEqual(['t', 'a b'])
})
