/** One connection after its login: what it asks for, and what it gets. */
import type { Connection, ServerChannel, Session } from 'ssh2'
import type { Located } from '../../rpc/fleet/locate.ts'
import { visible } from '../../rpc/fleet/visible.ts'
import type { FleetModel } from '../model/fleet-model.ts'
import { OptionError, readOptions } from '../options.ts'
import { plainView } from '../plain.ts'
import type { Terminal } from '../terminal.ts'
import { ChannelTty, type TerminalSize } from './channel-tty.ts'
import { refusal, runKamctl } from './kamctl.ts'
import { splitWords } from './words.ts'

export interface Host {
  readonly located: Located
  readonly idleMs: number
  readonly maxSessions: number
  log(text: string): void
  /** One model for everybody who looks, made for the first and closed after the last. */
  enter(): FleetModel
  leave(): void
}

const USAGE = 2
const HELP = [
  'ssh HOST                   the console',
  'ssh HOST dashboard         charts (with ssh -t)',
  'ssh HOST console --plain   the nodes as text; --view chooses another view',
  'ssh HOST kamctl ...        one command, with its exit code',
  '',
].join('\n')

/** What the client said about its terminal. */
interface Pty {
  size: TerminalSize
  readonly term: string
}

export function receive(host: Host, connection: Connection, who: string): void {
  let sessions = 0
  // No forwarding of ports, sockets, agents or screens.
  connection.on('request', (_accept, reject) => reject?.())
  connection.on('session', (accept, reject) => {
    if (sessions >= host.maxSessions) {
      host.log(`${who}: too many sessions`)
      return reject()
    }
    sessions++
    const session = accept()
    session.on('close', () => void sessions--)
    new Visit(host, session, who).open()
  })
}

class Visit {
  private readonly host: Host
  private readonly session: Session
  private readonly who: string
  private pty: Pty | null = null
  private tty: ChannelTty | null = null

  constructor(host: Host, session: Session, who: string) {
    this.host = host
    this.session = session
    this.who = who
  }

  open(): void {
    const { session } = this
    session.on('pty', (accept, _reject, { cols, rows, term }) => {
      this.pty = { size: { cols, rows }, term: term ?? '' }
      accept?.()
    })
    session.on('window-change', (accept, _reject, size) => {
      if (this.pty !== null) this.pty.size = size
      this.tty?.resize(size)
      accept?.()
    })
    session.on('env', (_accept, reject) => reject?.())
    session.on('shell', accept => this.run(accept(), []))
    session.on('exec', (accept, _reject, { command }) => this.run(accept(), splitWords(command)))
    session.on('error' as 'close', () => undefined)
  }

  private run(channel: ServerChannel, words: readonly string[] | null): void {
    channel.on('error', () => undefined)
    const text = words === null ? 'unbalanced quotes' : words.join(' ')
    this.host.log(`${this.who}: ${text === '' ? 'console' : visible(text)}`)
    if (words === null) return this.refuse(channel, 'unbalanced quotes')
    const [command = 'console', ...rest] = words
    if (command === 'kamctl') return this.kamctl(channel, rest)
    if (command === 'console' || command === 'dashboard') return this.screen(channel, words)
    if (command === 'help') return this.end(channel, HELP, 0)
    this.refuse(channel, `there is no ${visible(command)} here`)
  }

  private kamctl(channel: ServerChannel, words: readonly string[]): void {
    const why = refusal(words)
    if (why !== null) return this.refuse(channel, why)
    const child = runKamctl(channel, words, this.host.located, this.pty?.size ?? null)
    this.session.on('signal', (accept, _reject, { name }) => {
      child.kill(`SIG${name}` as NodeJS.Signals)
      accept?.()
    })
  }

  private screen(channel: ServerChannel, words: readonly string[]): void {
    const socket = this.host.located.nodes[0]!.endpoint
    let options: ReturnType<typeof readOptions>
    try {
      const args = words[0] === 'console' ? words.slice(1) : words
      const why = refusal(args)
      if (why !== null) throw new OptionError(why)
      // Which nodes, the server has decided; only the looks are the guest's choice.
      options = readOptions([...args, '--socket', socket], {})
    } catch (error) {
      return this.refuse(channel, visible((error as Error).message))
    }
    const { pty } = this
    const isPlain = options.plain || pty === null || pty.term === 'dumb'
    const isDashboard = options.command === 'dashboard'
    if (options.command === 'ssh-server') return this.refuse(channel, 'that is here already')
    if (isPlain && isDashboard) return this.refuse(channel, 'charts need a terminal: ssh -t')
    const shown = isPlain
      ? this.print(channel, options.view)
      : this.show(channel, pty, isDashboard, options.view)
    shown.then(
      code => this.finish(channel, code),
      (error: Error) => {
        this.host.log(`${this.who}: ${error.stack ?? error.message}`)
        this.finish(channel, 70)
      },
    )
  }

  private async print(
    channel: ServerChannel,
    view: Parameters<typeof plainView>[1],
  ): Promise<number> {
    const fleet = this.host.enter()
    try {
      const { lines, note, code } = await plainView(fleet, view)
      const end = this.pty === null ? '\n' : '\r\n'
      channel.write(lines.map(line => `${line}${end}`).join(''))
      if (note !== '') channel.stderr.write(`${note}${end}`)
      return code
    } finally {
      this.host.leave()
    }
  }

  private async show(
    channel: ServerChannel,
    pty: Pty,
    isDashboard: boolean,
    view: Parameters<typeof plainView>[1],
  ): Promise<number> {
    const tty = new ChannelTty(channel, pty.size)
    this.tty = tty
    const gone = new AbortController()
    const stopIdle = endWhenIdle(tty, this.host.idleMs, () => gone.abort())
    tty.once('close', () => gone.abort())
    const terminal: Terminal = {
      input: tty,
      output: tty,
      // What locale the guest has, ssh does not say; a terminal of today shows UTF-8.
      style: { colour: true, ascii: false },
      gone: gone.signal,
      cooked: on => void (tty.onlcr = on),
    }
    const fleet = this.host.enter()
    try {
      if (isDashboard) {
        const { showDashboard } = await import('../dashboard/dashboard.ts')
        await showDashboard(terminal, fleet)
      } else {
        const { showConsole } = await import('../show.tsx')
        await showConsole(terminal, fleet, view)
      }
      return 0
    } finally {
      stopIdle()
      this.host.leave()
    }
  }

  private refuse(channel: ServerChannel, why: string): void {
    const text = `${why}\n\n${HELP}`
    channel.stderr.write(this.pty === null ? text : text.replaceAll('\n', '\r\n'))
    this.finish(channel, USAGE)
  }

  private end(channel: ServerChannel, text: string, code: number): void {
    channel.write(this.pty === null ? text : text.replaceAll('\n', '\r\n'))
    this.finish(channel, code)
  }

  private finish(channel: ServerChannel, code: number): void {
    if (!channel.writable) return
    channel.exit(code)
    channel.end()
  }
}

/** A screen at which nobody presses a key is closed after a while. */
function endWhenIdle(tty: ChannelTty, ms: number, end: () => void): () => void {
  let timer = setTimeout(end, ms)
  const again = (): void => {
    clearTimeout(timer)
    timer = setTimeout(end, ms)
  }
  tty.on('data', again)
  return () => {
    clearTimeout(timer)
    tty.off('data', again)
  }
}
