// Starts the real Kamailio for the recorders of this folder and its neighbours.
import { spawn, type ChildProcess } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

export type Params = Record<string, Record<string, string | number>>

export interface Setup {
  /** Lines before the modules: listen and the like. */
  head: string[]
  modules: string[]
  params: Params
  /** The blocks of the routing script. */
  routes: string
  /** The UDP port that shows that it is up. */
  port: number
}

/** The marker of a log line that the script wrote for us. */
export const MARK = '@@'

export class Kamailio {
  private readonly process: ChildProcess
  private readonly folder: string
  private readonly port: number
  private readonly sockets = new Map<number, Socket>()
  private log = ''
  /** What came in, and on which port. */
  readonly received: { port: number; text: string }[] = []
  /** Told of each message that comes in. */
  onMessage: (port: number, text: string) => void = () => {}

  private constructor(setup: Setup) {
    this.port = setup.port
    this.folder = mkdtempSync(join(tmpdir(), 'facts-'))
    const path = join(this.folder, 'facts.cfg')
    writeFileSync(path, configText(setup), 'latin1')
    const folders = ['-Y', this.folder, '-w', this.folder, '-P', join(this.folder, 'pid')]
    this.process = spawn('kamailio', ['-f', path, '-DD', '-E', '-m', '32', '-M', '4', ...folders])
    for (const stream of [this.process.stdout!, this.process.stderr!])
      stream.on('data', (chunk: Buffer) => (this.log += chunk.toString('latin1')))
  }

  static async start(setup: Setup): Promise<Kamailio> {
    const kamailio = new Kamailio(setup)
    const hex = setup.port.toString(16).toUpperCase()
    for (let tries = 0; tries < 100; tries++) {
      await pause(50)
      if (kamailio.process.exitCode !== null) throw new Error(kamailio.log)
      if (readFileSync('/proc/net/udp', 'latin1').includes(`0100007F:${hex}`)) break
    }
    await pause(150)
    kamailio.log = ''
    return kamailio
  }

  /** A socket of ours on 127.0.0.1. */
  async bind(port: number): Promise<Socket> {
    let socket = this.sockets.get(port)
    if (socket !== undefined) return socket
    socket = createSocket('udp4')
    this.sockets.set(port, socket)
    // A port in use must not leave a Kamailio behind.
    await new Promise<void>((done, fail) => {
      socket!.once('error', fail)
      socket!.bind(port, '127.0.0.1', done)
    })
    socket.on('message', chunk => {
      const text = chunk.toString('latin1')
      this.received.push({ port, text })
      this.onMessage(port, text)
    })
    return socket
  }

  /** Sends from one of our ports and says what came back within `milliseconds`. */
  async send(
    from: number,
    text: string,
    milliseconds = 60,
  ): Promise<{ port: number; text: string }[]> {
    const socket = await this.bind(from)
    const before = this.received.length
    socket.send(Buffer.from(text, 'latin1'), this.port, '127.0.0.1')
    await pause(milliseconds)
    return this.received.slice(before)
  }

  /** The log since the last call: what the script marked, and the rest without process numbers. */
  takeLog(): { marks: string[]; rest: string[] } {
    const lines = this.log.split('\n').filter(line => line !== '')
    this.log = ''
    const marked = (line: string): boolean => line.includes(MARK)
    return {
      marks: lines.filter(marked).map(line => line.slice(line.indexOf(MARK) + MARK.length)),
      rest: lines.filter(line => !marked(line)).map(line => line.replace(/^ *\d+\(\d+\) /, '')),
    }
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets.values()) socket.close()
    const ended = new Promise(done => this.process.once('exit', done))
    this.process.kill('SIGTERM')
    await ended
    rmSync(this.folder, { recursive: true })
  }
}

function configText({ head, modules, params, routes }: Setup): string {
  const lines = ['debug=0', 'log_stderror=yes', 'fork=yes', 'children=1', 'tcp_children=1']
  lines.push('server_signature=no', 'auto_aliases=no', ...head)
  for (const name of modules) lines.push(`loadmodule "${name}.so"`)
  lines.push('modparam("jsonrpcs", "transport", 0)')
  for (const [module, values] of Object.entries(params)) {
    for (const [name, value] of Object.entries(values))
      lines.push(`modparam("${module}", "${name}", ${JSON.stringify(value)})`)
  }
  return `${lines.join('\n')}\n${routes}\n`
}
