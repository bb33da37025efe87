// A cluster of two Redis nodes: commands follow their keys.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { NdbRedis } from '../../../../../server/modules/ndb_redis/ndb_redis.ts'
import { readRedirection } from '../../../../../server/modules/ndb_redis/redirection.ts'
import { Bench } from '../../../../kit/bench.ts'
import { type Child, start } from '../../../../kit/child.ts'
import { freePort } from '../../../../kit/ports.ts'

const SLOTS = [
  [0, 8191],
  [8192, 16_383],
] as const

const ports: number[] = []
const children: Child[] = []
const clients: Redis[] = []
const folder = mkdtempSync(join(tmpdir(), 'cluster-'))

beforeAll(async () => {
  for (const [i, [first, last]] of SLOTS.entries()) {
    const [port, bus] = [await freePort(), await freePort()]
    const child = start('redis-server', [
      ...['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
      ...['--cluster-enabled', 'yes', '--cluster-config-file', `nodes-${i}.conf`],
      ...['--cluster-port', `${bus}`],
    ])
    children.push(child)
    await child.printed(/Ready to accept connections/)
    const client = new Redis({ port, host: '127.0.0.1' })
    clients.push(client)
    ports.push(port)
    await client.call('CLUSTER', 'ADDSLOTSRANGE', `${first}`, `${last}`)
    if (i > 0) await clients[0]!.call('CLUSTER', 'MEET', '127.0.0.1', `${port}`, `${bus}`)
  }
  const ready = async (): Promise<boolean> => {
    const infos = await Promise.all(clients.map(client => client.call('CLUSTER', 'INFO')))
    return infos.every(info => String(info).includes('cluster_state:ok'))
  }
  while (!(await ready())) await pause(100)
})

afterAll(async () => {
  for (const client of clients) client.disconnect()
  for (const child of children) await child.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function node(params: string[]): Promise<NdbRedis> {
  const lines = ['loadmodule "pv.so"', 'loadmodule "ndb_redis.so"']
  const all = ['"server", "name=s;addr=127.0.0.1;port=PORT"', ...params].map(
    each => `modparam("ndb_redis", ${each.replace('PORT', String(ports[0]))})`,
  )
  const bench = await Bench.start(`${[...lines, ...all, 'request_route { exit; }'].join('\n')}\n`)
  onTestFinished(() => bench.host.stop())
  return bench.host.instance('ndb_redis') as NdbRedis
}

const KEYS = ['a', 'b', 'c', 'd', 'e', 'f']

async function written(redis: NdbRedis): Promise<unknown[]> {
  const replies: unknown[] = []
  for (const key of KEYS)
    replies.push(await redis.command('s', ['SET', key, 'x']).catch((error: Error) => error.message))
  return replies
}

describe('a cluster', () => {
  test('is followed to nodes that are configured', async () => {
    const other = `"server", "name=t;addr=127.0.0.1;port=${ports[1]}"`
    const redis = await node(['"cluster", 1', other])
    expect(await written(redis)).toEqual(KEYS.map(() => 'OK'))
  })

  test('is followed to others with allow_dynamic_nodes', async () => {
    const redis = await node(['"cluster", 1', '"allow_dynamic_nodes", 1'])
    expect(await written(redis)).toEqual(KEYS.map(() => 'OK'))
  })

  test('is not followed to others without', async () => {
    const replies = await written(await node(['"cluster", 1']))
    expect(new Set(replies)).toEqual(
      new Set(['OK', `No Connection with name (127.0.0.1:${ports[1]})`]),
    )
  })

  test('gives its redirections to the script without the parameter', async () => {
    const replies = await written(await node([]))
    expect(replies.some(reply => String(reply).startsWith('MOVED '))).toBe(true)
  })
})

test('redirections', () => {
  const moved = { host: '127.0.0.1', port: 6381, asking: false }
  expect(readRedirection('MOVED 3999 127.0.0.1:6381')).toEqual(moved)
  expect(readRedirection('ASK 3999 ::1:6381')).toEqual({ host: '::1', port: 6381, asking: true })
  for (const text of ['ERR no', 'MOVED 1 :6381', 'MOVED x 127.0.0.1:1'])
    expect(readRedirection(text)).toBe(null)
})
