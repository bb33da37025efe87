// A Redis server on a free loopback port, in a folder of its own, for one test.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { type Child, start } from './child.ts'
import { freePort } from './ports.ts'

export class RedisServer {
  readonly port: number
  readonly client: Redis
  private readonly folder: string
  private readonly child: Child

  private constructor(port: number, folder: string, child: Child) {
    this.port = port
    this.folder = folder
    this.child = child
    this.client = new Redis({ port, host: '127.0.0.1' })
    // While it is down, which a test may want.
    this.client.on('error', () => undefined)
  }

  static async start(): Promise<RedisServer> {
    const folder = mkdtempSync(join(tmpdir(), 'ohana-redis-'))
    const port = await freePort()
    const child = run(port, folder)
    await child.printed(/Ready to accept connections/)
    return new RedisServer(port, folder, child)
  }

  /** All hashes, without what differs from run to run. */
  async hashes(stable: (text: string) => string): Promise<Record<string, Record<string, string>>> {
    const found: Record<string, Record<string, string>> = {}
    for (const key of (await this.client.keys('*')).sort()) {
      const { rectime: _rectime, ...fields } = await this.client.hgetall(key)
      // 10 s are more than a test takes.
      const expires = Math.ceil((await this.client.ttl(key)) / 10) * 10
      const text = Object.entries(fields).map(([name, value]) => [name, stable(value)])
      const { s_method = '', s_cseq = '', direction = '', a_callid = '' } = fields
      const which = key.startsWith('b:') ? ` ${s_method} ${s_cseq} ${direction}` : ` ${s_cseq}`
      found[`${stable(key)}${which} ${a_callid}`] = Object.fromEntries([
        ...text,
        ['(ttl)', `${expires}`],
      ])
    }
    return found
  }

  /** From now on it answers nobody, and keeps its connections. */
  freeze(): void {
    process.kill(this.child.pid, 'SIGSTOP')
  }

  thaw(): void {
    process.kill(this.child.pid, 'SIGCONT')
  }

  async stop(): Promise<void> {
    this.client.disconnect()
    await this.child.stop()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

const run = (port: number, folder: string): Child =>
  start('redis-server', [
    ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder],
    ...['--save', '', '--appendonly', 'no'],
  ])
