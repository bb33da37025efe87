import { expect, test } from 'vitest'
import { readExec, readTimer } from '../../../../../server/modules/rtimer/spec.ts'
import { Bench } from '../../../../kit/bench.ts'

const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms))

async function turn(bench: Bench, ms: number): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; ) await step(bench)
}

/** Until so many lines are there. */
async function turnUntil(bench: Bench, count: number): Promise<void> {
  while (bench.lines.length < count) await step(bench)
}

async function step(bench: Bench): Promise<void> {
  bench.core.timers.run()
  await pause(5)
}

const texts = ({ lines }: Bench): string[] => lines.map(line => line.text.replace('<script>: ', ''))

const HEAD = 'loadmodule "pv.so"\nloadmodule "xlog.so"\nloadmodule "rtimer.so"\n'

test('routes run at their intervals with a message about nothing', async () => {
  const bench = await Bench.start(`${HEAD}
modparam("rtimer", "timer", "name=t;interval=50000u;mode=2")
modparam("rtimer", "exec", "timer=t;route=ONE")
modparam("rtimer", "exec", "timer=t;route=TWO")
modparam("rtimer", "exec", "timer=t;route=NONE")
request_route { exit; }
route[ONE] { xlog("one $rtimer_worker $avp(x)"); exit; }
route[TWO] { $avp(x) = 1; xlog("two $rtimer_worker $rm $ru $si"); }
`)
  await turnUntil(bench, 4)
  expect(texts(bench).slice(0, 4)).toEqual([
    'two 0 OPTIONS sip:you@kamailio.org 127.0.0.1',
    'one 0 <null>',
    'two 1 OPTIONS sip:you@kamailio.org 127.0.0.1',
    'one 1 <null>',
  ])
  await bench.host.stop()
  bench.lines.length = 0
  await turn(bench, 80)
  expect(texts(bench)).toEqual([])
})

test('a run that waits is over before the next one begins', async () => {
  const bench = await Bench.start(`${HEAD}loadmodule "cfgutils.so"
modparam("rtimer", "timer", "name=t;interval=20000u")
modparam("rtimer", "exec", "timer=t;route=SLOW")
request_route { exit; }
route[SLOW] { xlog("in"); usleep(60000); xlog("out"); }
`)
  await turnUntil(bench, 4)
  await bench.host.stop()
  await turn(bench, 80)
  const seen = texts(bench)
  expect(seen.length).toBeGreaterThan(3)
  expect(seen.every((text, i) => text === (i % 2 === 0 ? 'in' : 'out'))).toBe(true)
})

test.for([
  ['interval=5', 'names no timer'],
  ['name=t;interval=x', 'is no interval'],
  ['name=t;interval=0', 'is no interval'],
  ['name=t;mode=x', 'is no number'],
  ['name=t;colour=red', 'is not known'],
])('the timer "%s" is refused', ([text, reason]) => {
  expect(() => readTimer(text!)).toThrow(reason)
})

test('intervals are seconds, or microseconds', () => {
  expect(readTimer('name=t;interval=2').interval).toBe(2000)
  expect(readTimer('name=t;interval=2500u').interval).toBe(3)
  expect(readTimer('name=t')).toEqual({ name: 't', interval: 0, workers: 1 })
  expect(() => readExec('timer=t')).toThrow('runs nothing')
})

test('a config with a mistake is refused', async () => {
  const start = (...lines: string[]): Promise<Bench> =>
    Bench.start(`${HEAD}${lines.join('\n')}\nrequest_route { exit; }\n`)
  const one = 'modparam("rtimer", "timer", "name=t")'
  await expect(start(one, one)).rejects.toThrow('twice')
  const exec = 'modparam("rtimer", "exec", "timer=z;route=R")'
  await expect(start(one, exec)).rejects.toThrow('timer not found - name: z')
})
