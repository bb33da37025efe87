/** One Redis server: where it is, and the connection to it. */
import { Redis, type RedisOptions } from 'ioredis'
import { BadValue } from '../../core/module/index.ts'
import type { RedisValue } from './api.ts'

export interface ServerAddress {
  readonly name: string
  readonly host: string
  readonly port: number
  /** Path of a Unix socket, '' for TCP. */
  readonly unix: string
  readonly db: number
  readonly user: string
  readonly password: string
  readonly tls: boolean
  /** Servers that know which one to ask, and for which group; none: the address is known. */
  readonly sentinels: readonly { readonly host: string; readonly port: number }[]
  readonly group: string
  /** Of the group: the master, else one of its replicas. */
  readonly master: boolean
}

/** What a server is of which only the address is known. */
export const PLAIN_SERVER = {
  unix: '',
  db: 0,
  sentinels: [],
  group: '',
  master: true,
} as const

const KEYS = [
  ...['name', 'addr', 'port', 'unix', 'db', 'user', 'pass', 'tls'],
  ...['sentinel_group', 'sentinel_master', 'sentinel'],
]
const SENTINEL_PORT = 26379

/** `name=srv1;addr=127.0.0.1;port=6379;db=0`; throws BadValue. */
export function readServer(text: string | number): ServerAddress {
  const values = new Map<string, string>()
  const sentinels: ServerAddress['sentinels'][number][] = []
  for (const part of String(text).split(';')) {
    if (part.trim() === '') continue
    const equals = part.indexOf('=')
    const key = part.slice(0, equals).trim().toLowerCase()
    if (equals < 0 || !KEYS.includes(key))
      throw new BadValue(`${part.trim()} is no part of a Redis server`, KEYS.join(', '))
    const value = part.slice(equals + 1).trim()
    if (key === 'sentinel') sentinels.push(readSentinel(value))
    else values.set(key, value)
  }
  const name = values.get('name') ?? ''
  if (name === '') throw new BadValue('the server has no name', 'name=srv1;addr=127.0.0.1')
  const group = values.get('sentinel_group') ?? ''
  if ((group === '') !== (sentinels.length === 0))
    throw new BadValue('sentinel and sentinel_group belong together')
  return {
    name,
    host: values.get('addr') ?? '127.0.0.1',
    port: number(values, 'port', 6379),
    unix: values.get('unix') ?? '',
    db: number(values, 'db', 0),
    user: values.get('user') ?? '',
    password: values.get('pass') ?? '',
    tls: number(values, 'tls', 0) !== 0,
    sentinels,
    group,
    master: number(values, 'sentinel_master', 1) !== 0,
  }
}

/** `1.2.3.4:26379` */
function readSentinel(text: string): { host: string; port: number } {
  const [, host, port] = /^(.+?)(?::(\d{1,5}))?$/.exec(text) ?? []
  if (host === undefined) throw new BadValue(`sentinel=${text} is no address`, '1.2.3.4:26379')
  return { host, port: Number(port ?? SENTINEL_PORT) }
}

function number(values: ReadonlyMap<string, string>, key: string, other: number): number {
  const text = values.get(key)
  if (text === undefined) return other
  if (!/^\d{1,5}$/.test(text)) throw new BadValue(`${key}=${text} is no number`)
  return Number(text)
}

export interface Timeouts {
  readonly connect_timeout: number
  readonly cmd_timeout: number
}

/** What a server said was wrong; its connection is well. */
export class RedisFault extends Error {}

/** Commands that may wait for a connection; more are refused. */
const MOST_WAITING = 10_000

export class RedisConnection {
  readonly address: ServerAddress
  private readonly client: Redis
  private waiting = 0

  /** `failed` is told of each change from working to not working. */
  constructor(address: ServerAddress, timeouts: Timeouts, failed: (text: string) => void) {
    this.address = address
    const { db, user, password, tls } = address
    this.client = new Redis({
      ...whereIs(address),
      db,
      // Lists as lists: the newer protocol has more kinds of replies than the script knows.
      protocol: 2,
      ...(user === '' ? {} : { username: user }),
      ...(password === '' ? {} : { password }),
      ...(tls ? { tls: {} } : {}),
      connectTimeout: timeouts.connect_timeout,
      commandTimeout: timeouts.cmd_timeout,
      maxRetriesPerRequest: 1,
      retryStrategy: times => Math.min(times * 100, 2000),
      lazyConnect: true,
    })
    let failing = false
    this.client.on('error', (error: Error) => {
      if (!failing) failed(error.message)
      failing = true
    })
    this.client.on('ready', () => {
      failing = false
    })
  }

  /** Rejected when there is no connection yet; it is tried on. */
  connect(): Promise<void> {
    return this.client.connect()
  }

  async send(args: readonly (string | number)[]): Promise<RedisValue> {
    if (this.waiting >= MOST_WAITING) throw new Error('too many commands wait')
    const [command = '', ...rest] = args
    this.waiting++
    try {
      const bytes = rest.map(one => (typeof one === 'string' ? Buffer.from(one, 'latin1') : one))
      return valueOf(await this.client.callBuffer(String(command), ...bytes))
    } catch (error) {
      const { name, message } = error as Error
      throw name === 'ReplyError' ? new RedisFault(message) : error
    } finally {
      this.waiting--
    }
  }

  close(): void {
    this.client.disconnect()
  }
}

/** How the library is told where the server is. */
function whereIs({ host, port, unix, sentinels, group, master }: ServerAddress): RedisOptions {
  if (sentinels.length > 0)
    return { sentinels: [...sentinels], name: group, role: master ? 'master' : 'slave' }
  return unix === '' ? { host, port } : { path: unix }
}

function valueOf(reply: unknown): RedisValue {
  if (Buffer.isBuffer(reply)) return reply.toString('latin1')
  if (Array.isArray(reply)) return reply.map(valueOf)
  if (typeof reply === 'number' || typeof reply === 'string') return reply
  return reply === null || reply === undefined ? null : String(reply)
}
