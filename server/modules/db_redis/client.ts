/** The connection to one Redis server; keys and values are byte strings. */
import { Redis, ReplyError } from 'ioredis'
import { DbError } from '../../core/db/api.ts'
import type { DbLimits } from '../../core/db/driver.ts'
import { fromBytes } from '../../core/db/text.ts'

export type Command = readonly [name: string, ...args: string[]]

export interface RedisAddress {
  readonly host: string
  readonly port: number
  readonly db: number
  readonly user: string
  readonly password: string
}

/** Answers after which another attempt may succeed. */
const PASSING = /^(LOADING|BUSY|MASTERDOWN|READONLY|OOM|MISCONF|NOAUTH|WRONGPASS|TRYAGAIN)\b/

/** What the library says of a connection that is not there. */
const OF_THE_LIBRARY = /^Reached the max retries|^Connection is closed/

/** What Redis adds to an error of a command in a script. */
const OF_A_SCRIPT = /[. ]*script: \w+, on @user_script:.*$/

/** Milliseconds for a connection to stand. */
const CONNECT_MS = 2000
/** Keys that are asked for at a time. */
const SCAN_KEYS = '1000'

export class RedisClient {
  private readonly redis: Redis
  /** Why there is no connection, in the system's words. */
  private lost = ''

  constructor({ host, port, db, user, password }: RedisAddress, limits: DbLimits) {
    this.redis = new Redis({
      host,
      port,
      db,
      protocol: 2,
      ...(password === '' ? {} : { password }),
      ...(password === '' || user === '' ? {} : { username: user }),
      connectTimeout: CONNECT_MS,
      commandTimeout: limits.deadline,
      maxRetriesPerRequest: 1,
      retryStrategy: times => Math.min(times * 100, 2000),
      lazyConnect: true,
    })
    // Who gave a command that was lost is told.
    this.redis.on('error', error => {
      this.lost = error.message || String((error as NodeJS.ErrnoException).code)
    })
    this.redis.on('ready', () => {
      this.lost = ''
    })
  }

  async connect(): Promise<void> {
    await this.told(async () => {
      if (this.redis.status === 'wait' || this.redis.status === 'end') await this.redis.connect()
      await this.redis.ping()
    })
  }

  /** The fields of hashes, in the order of the keys; one that is not there has none. */
  async hashes(keys: readonly string[]): Promise<Map<string, string>[]> {
    const replies = await this.pipeline(keys.map(key => ['HGETALL', key]))
    return replies.map(reply => {
      const words = reply as string[]
      const fields = new Map<string, string>()
      for (let at = 0; at < words.length; at += 2) fields.set(words[at]!, words[at + 1]!)
      return fields
    })
  }

  async members(key: string): Promise<string[]> {
    const [reply] = await this.pipeline([['SMEMBERS', key]])
    return reply as string[]
  }

  /** Keys that begin like this. */
  async keys(prefix: string): Promise<string[]> {
    const pattern = `${prefix.replace(/[*?[\]\\]/g, '\\$&')}*`
    const found = new Set<string>()
    let cursor = '0'
    do {
      const [reply] = await this.pipeline([['SCAN', cursor, 'MATCH', pattern, 'COUNT', SCAN_KEYS]])
      const [next, some] = reply as [string, string[]]
      for (const key of some) found.add(key)
      cursor = next
    } while (cursor !== '0')
    return [...found]
  }

  /** All or none of them. */
  async together(commands: readonly Command[]): Promise<void> {
    if (commands.length === 0) return
    await this.told(async () => {
      const multi = this.redis.multi()
      for (const [name, ...args] of commands) multi.call(name, ...args.map(bytes))
      for (const [error] of (await multi.exec()) ?? []) if (error !== null) throw error
    })
  }

  /** What a script answers. */
  script(text: string, key: string, args: readonly string[]): Promise<unknown> {
    return this.told(() => this.redis.call('EVAL', text, '1', bytes(key), ...args.map(bytes)))
  }

  close(): void {
    this.redis.disconnect()
  }

  private pipeline(commands: readonly Command[]): Promise<unknown[]> {
    if (commands.length === 0) return Promise.resolve([])
    return this.told(async () => {
      const all = commands.map(([name, ...args]) => this.redis.callBuffer(name, ...args.map(bytes)))
      return (await Promise.all(all)).map(texts)
    })
  }

  private async told<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      const said = (error as Error).message
      const away = OF_THE_LIBRARY.test(said) && this.lost !== ''
      const message = away ? this.lost : said.replace(OF_A_SCRIPT, '')
      const refused = error instanceof ReplyError && !PASSING.test(message)
      throw new DbError(refused ? 'statement' : 'unavailable', message, { cause: error })
    }
  }
}

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1')

/** A reply with byte strings in place of its buffers. */
function texts(reply: unknown): unknown {
  if (reply instanceof Uint8Array) return fromBytes(reply)
  return Array.isArray(reply) ? reply.map(texts) : reply
}
