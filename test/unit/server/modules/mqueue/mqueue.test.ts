import { expect, test } from 'vitest'
import { Queue, readQueue } from '../../../../../server/modules/mqueue/mqueue.ts'
import { Bench } from '../../../../kit/bench.ts'

/** What is in a queue, oldest first. */
function drain(queue: Queue): string[] {
  const out: string[] = []
  for (let entry = queue.take(); entry !== null; entry = queue.take())
    out.push(`${entry.key}=${entry.value}`)
  return out
}

test('a long queue gives what it got, in order', () => {
  const queue = new Queue(readQueue('name=q'))
  const wanted: string[] = []
  const got: string[] = []
  for (let i = 0; i < 1000; i++) {
    queue.add(`k${i}`, `${i}`)
    wanted.push(`k${i}=${i}`)
    if (i % 3 === 0) {
      const { key, value } = queue.take()!
      got.push(`${key}=${value}`)
    }
  }
  expect(queue.size).toBe(666)
  expect([...got, ...drain(queue)]).toEqual(wanted)
  expect(queue.size).toBe(0)
})

test('a full queue loses its oldest, whatever its mode', () => {
  for (const mode of [0, 1, 2]) {
    const queue = new Queue(readQueue(`name=q;size=2;addmode=${mode}`))
    for (const key of ['a', 'b', 'c']) queue.add(key, key)
    expect(drain(queue)).toEqual(['b=b', 'c=c'])
  }
})

test.for([
  ['size=5', 'names no queue'],
  ['name=q;size=x', 'is no number'],
  ['name=q;dbmode=1', 'database'],
  ['name=q;colour=red', 'is no attribute'],
])('the queue "%s" is refused', ([text, reason]) => {
  expect(() => readQueue(text!)).toThrow(reason)
})

test('a config with a mistake is refused', async () => {
  const start = (...lines: string[]): Promise<Bench> =>
    Bench.start(`loadmodule "mqueue.so"\n${lines.join('\n')}\nrequest_route { exit; }\n`)
  const one = 'modparam("mqueue", "mqueue_name", "q")'
  await expect(start(one, one)).rejects.toThrow('twice')
  await expect(start('modparam("mqueue", "db_url", "x")')).rejects.toThrow('database')
})
