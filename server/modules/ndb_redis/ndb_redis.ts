/** The instance of ndb_redis: the servers, and the replies that the script has not freed. */
import { BadValue, type ModuleEnv, type PvValue, type Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { RedisServers, RedisValue } from './api.ts'
import { wordsOf } from './command.ts'
import type { params } from './ndb_redis.module.ts'
import { partOf, type Reply, type ReplyPart } from './replies.ts'
import { readRedirection } from './redirection.ts'
import { PLAIN_SERVER, RedisConnection, RedisFault, type ServerAddress } from './server.ts'

type Env = ModuleEnv<typeof params, {}>

/** How often one command is sent on within a cluster. */
const MOST_REDIRECTIONS = 5

interface Queued {
  readonly words: string[]
  readonly result: string
}

export class NdbRedis implements RedisServers {
  private readonly core: Env['core']
  private readonly config: Env['config']
  private readonly servers = new Map<string, RedisConnection>()
  private readonly replies = new Map<string, Reply>()
  /** Commands of redis_pipe_cmd, by server. */
  private readonly queued = new Map<string, Queued[]>()

  constructor(env: Env) {
    this.core = env.core
    this.config = env.config
    for (const address of env.config.server) this.add(address)
  }

  private add(address: ServerAddress): RedisConnection {
    const told = (text: string): void => this.error(`server [${address.name}]: ${text}`)
    const server = new RedisConnection(address, this.config, told)
    this.servers.set(address.name, server)
    return server
  }

  async start(): Promise<void> {
    const connecting = [...this.servers.values()].map(one => one.connect())
    const results = await Promise.allSettled(connecting)
    if (this.config.init_without_redis === 0 && results.some(one => one.status === 'rejected'))
      throw new BadValue(
        'ndb_redis: failed to initialize redis connections',
        'init_without_redis 1 starts without them',
      )
  }

  stop(): void {
    for (const server of this.servers.values()) server.close()
  }

  error(text: string): void {
    this.core.log.error('ndb_redis', text)
  }

  has(name: string): boolean {
    return this.servers.has(name)
  }

  command(name: string, args: readonly (string | number)[]): Promise<RedisValue> {
    const server = this.servers.get(name)
    if (server === undefined) return Promise.reject(new Error(`no redis server found: ${name}`))
    return this.config.cluster === 0 ? server.send(args) : this.inCluster(server, args)
  }

  /** A node that has not the key names the one that has it. */
  private async inCluster(
    first: RedisConnection,
    args: readonly (string | number)[],
  ): Promise<RedisValue> {
    let server = first
    let asking = false
    for (let tries = 0; ; tries++) {
      try {
        // ASK is for this one command, which must follow at once.
        if (asking) server.send(['ASKING']).catch(() => undefined)
        return await server.send(args)
      } catch (error) {
        const where = error instanceof RedisFault ? readRedirection(error.message) : null
        if (where === null || tries === MOST_REDIRECTIONS) throw error
        asking = where.asking
        server = this.nodeAt(where.host, where.port, first)
      }
    }
  }

  /** The configured server at this address, or with allow_dynamic_nodes a new one. */
  private nodeAt(host: string, port: number, like: RedisConnection): RedisConnection {
    const name = `${host}:${port}`
    for (const server of this.servers.values()) {
      const { address } = server
      if (address.name === name || (address.host === host && address.port === port)) return server
    }
    if (this.config.allow_dynamic_nodes === 0) throw new Error(`No Connection with name (${name})`)
    const { user, password, tls } = like.address
    return this.add({ ...PLAIN_SERVER, name, host, port, user, password, tls })
  }

  /** Sends it and keeps the reply; what a server says is wrong is a reply, too. */
  async ask(name: string, { words, result }: Queued): Promise<Verdict> {
    try {
      this.replies.set(result, await this.command(name, words))
    } catch (error) {
      this.replies.delete(result)
      if (!(error instanceof RedisFault)) {
        this.error(`could not execute command: ${(error as Error).message}`)
        return -1
      }
      this.replies.set(result, error)
    }
    return 1
  }

  queue(name: string, one: Queued): Verdict {
    const list = this.queued.get(name)
    if (list === undefined) this.queued.set(name, [one])
    else list.push(one)
    return 1
  }

  /** Sends all that was queued, without waiting in between. */
  async execute(name: string): Promise<Verdict> {
    const list = this.queued.get(name) ?? []
    this.queued.delete(name)
    const verdicts = await Promise.all(list.map(one => this.ask(name, one)))
    return verdicts.every(verdict => verdict > 0) ? 1 : -1
  }

  free(result: string): Verdict {
    return this.replies.delete(result) ? 1 : -1
  }

  read(part: ReplyPart): PvValue {
    const reply = this.replies.get(part.result)
    return reply === undefined ? null : partOf(reply, part)
  }
}

/** The last of the texts is the name of the result, those before it are the arguments. */
function commandOf(self: NdbRedis, name: string, texts: readonly string[]): Queued | null {
  if (!self.has(name)) {
    self.error(`no redis server found: ${name}`)
    return null
  }
  const [command = '', ...rest] = texts
  const result = rest.at(-1) ?? ''
  const words = wordsOf(command, rest.slice(0, -1))
  if (words === null) self.error(`command ${command} has not as many arguments as it says`)
  return words === null || result === '' ? null : { words, result }
}

export function redisCommand(
  self: NdbRedis,
  _msg: SipMessage,
  name: string,
  ...texts: (string | undefined)[]
): Verdict | Promise<Verdict> {
  const command = commandOf(
    self,
    name,
    texts.filter(text => text !== undefined),
  )
  return command === null ? -1 : self.ask(name, command)
}

export function redisPipeCommand(
  self: NdbRedis,
  _msg: SipMessage,
  name: string,
  ...texts: (string | undefined)[]
): Verdict {
  const command = commandOf(
    self,
    name,
    texts.filter(text => text !== undefined),
  )
  return command === null ? -1 : self.queue(name, command)
}
