// Plays the steps of a case against whatever server listens on the ports of case.ts, and notes what
// comes back.
import { createSocket, type Socket as UdpSocket } from 'node:dgram'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { type Case, type Outcome, type PhoneName, PHONES, RPC, SERVER, type Step } from './case.ts'

const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms))

/** What differs from run to run, and who is speaking, is taken out of a text. */
export const plain = (text: string): string =>
  text
    .replace(/(Server|User-Agent): (kamailio|ohana) \([^\r\n]*\)/g, '$1: {us}')
    .replace(/;branch=(?!z9hG4bKt\d)[^;,\r\n]+/g, ';branch={branch}')
    .replace(/;tag=[0-9a-f]{32}-[0-9a-f]{8}/g, ';tag={tag}')
    .replace(/^(To|t):([^\r\n]*);tag=(?!tt\b)[^;\r\n]+/gim, '$1:$2;tag={tag}')
    .replace(/\bpid=\d+/g, 'pid={pid}')

/** The same of a line of the log, and the place in the C source. */
const plainLine = (line: string): string =>
  line
    .replace(/ *\d+\(\d+\) /, '')
    .replace(/ \[[\w/.]+\.[chyl]:\d+\]: \w+\(\):/, ':')
    .replace(/\/tmp\/(?:[\w-]+\/)+/g, '')
    .replace(/\d+ us(ec)?\b/g, '{n} us$1')

export interface Subject {
  /** Lines of the log since the last call. */
  takeLog(): string[]
  /** Milliseconds without news after which a step is over. */
  readonly quietMs: number
  /** What should come: it is waited for a while. */
  readonly expected?: readonly Outcome[]
}

/** As long as something that should come is waited for. */
const PATIENCE_MS = 15_000
/** As long as an answer is waited for that need not come. */
const SILENCE_MS = 700
const SILENT = 'no answer'

class Phone {
  readonly name: PhoneName
  readonly udp: UdpSocket = createSocket('udp4')
  readonly server: Server
  readonly streams: Socket[] = []
  private lastRequest = ''
  private readonly note: (text: string) => void

  constructor(name: PhoneName, note: (text: string) => void) {
    this.name = name
    this.note = note
    this.udp.on('message', (bytes, { port }) => {
      const arrow = port === SERVER ? '<' : `<${port}`
      const text = bytes.toString('latin1')
      if (!text.startsWith('SIP/')) this.lastRequest = text
      note(`${name}${arrow} ${plain(text)}`)
    })
    this.server = createServer(socket => {
      note(`${name}~ opened`)
      this.adopt(socket)
    })
  }

  async open(): Promise<void> {
    const port = PHONES[this.name]
    await new Promise<void>(done => this.udp.bind(port, '127.0.0.1', done))
    await new Promise<void>(done => this.server.listen(port, '127.0.0.1', done))
  }

  private adopt(socket: Socket): void {
    this.streams.push(socket)
    const { name, note } = this
    socket.on('data', bytes => note(`${name}~ ${plain(bytes.toString('latin1'))}`))
    socket.on('end', () => note(`${name}~ closed`))
    socket.on('error', () => note(`${name}~ reset`))
    socket.on('close', () => {
      const at = this.streams.indexOf(socket)
      if (at >= 0) this.streams.splice(at, 1)
    })
  }

  async stream(text: string): Promise<void> {
    let socket = this.streams.at(-1)
    if (socket === undefined) {
      socket = connect({ port: SERVER, host: '127.0.0.1' })
      this.adopt(socket)
      await new Promise<void>(done => socket!.once('connect', done))
    }
    socket.write(text, 'latin1')
  }

  /** Answers the last datagram that was a request. */
  answer(status: string): void {
    const lines = this.lastRequest.split('\r\n')
    const kept = lines.filter(line => /^(Via|From|To|Call-ID|CSeq|Record-Route):/i.test(line))
    const tagged = kept.map(line => (/^To:(?!.*;tag=)/i.test(line) ? `${line};tag=tt` : line))
    const text = [`SIP/2.0 ${status}`, ...tagged, 'Content-Length: 0', '', ''].join('\r\n')
    this.udp.send(Buffer.from(text, 'latin1'), SERVER, '127.0.0.1')
  }

  async hangUp(): Promise<void> {
    for (const socket of this.streams.splice(0)) socket.destroy()
    await pause(20)
  }

  async close(): Promise<void> {
    await this.hangUp()
    await new Promise<void>(done => this.udp.close(done))
    await new Promise<void>(done => this.server.close(() => done()))
  }
}

/** Asks by JSON-RPC in a datagram. */
export async function ask(
  method: string,
  params: readonly unknown[] = [],
  withinMs = SILENCE_MS,
): Promise<unknown> {
  const socket = createSocket('udp4')
  const answer = new Promise<string>(done =>
    socket.once('message', bytes => done(bytes.toString('latin1'))),
  )
  const request = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  socket.send(Buffer.from(request, 'latin1'), RPC, '127.0.0.1')
  const text = await Promise.race([answer, pause(withinMs).then(() => null)])
  socket.close()
  if (text === null) return null
  try {
    const { result, error } = JSON.parse(text) as { result?: unknown; error?: unknown }
    return error === undefined ? result : { error }
  } catch {
    return { text }
  }
}

export async function play(one: Case, subject: Subject): Promise<Outcome[]> {
  let news: string[] = []
  let last = Date.now()
  const note = (text: string): void => {
    news.push(text)
    last = Date.now()
  }
  const names = Object.keys(PHONES) as PhoneName[]
  const phones = new Map(names.map(name => [name, new Phone(name, note)]))
  for (const phone of phones.values()) await phone.open()
  const outcomes: Outcome[] = []
  try {
    subject.takeLog()
    for (const [number, step] of one.steps.entries()) {
      const expected = subject.expected?.[number]
      const isSilent = expected === undefined || expected.answer === SILENT
      const patience = isSilent ? SILENCE_MS : PATIENCE_MS
      const answer = await take(numbered(step, number), phones, patience)
      const log: string[] = []
      const until = Date.now() + PATIENCE_MS
      last = Date.now()
      do {
        await pause('rpc' in step ? 1 : Math.max(1, last + subject.quietMs - Date.now()))
        log.push(...linesOf(subject.takeLog(), one.log ?? 'script'))
      } while (
        ('rpc' in step ? false : Date.now() - last < subject.quietMs) ||
        (expected !== undefined && Date.now() < until && isShort(expected, news, log))
      )
      outcomes.push({ sent: news, log, ...(answer === undefined ? {} : { answer }) })
      news = []
    }
  } finally {
    for (const phone of phones.values()) await phone.close()
  }
  return outcomes
}

const isShort = (expected: Outcome, sent: readonly string[], log: readonly string[]): boolean =>
  sent.length < expected.sent.length || log.length < expected.log.length

/** Messages carry the number of their step. */
function numbered(step: Step, number: number): Step {
  const filled = (text: string): string => text.replaceAll('{step}', String(number))
  if ('send' in step) return { ...step, send: filled(step.send) }
  return 'stream' in step ? { ...step, stream: filled(step.stream) } : step
}

async function take(step: Step, phones: Map<PhoneName, Phone>, patience: number): Promise<unknown> {
  if ('rpc' in step) return (await ask(step.rpc, step.params, patience)) ?? SILENT
  if ('wait' in step) await pause(step.wait)
  else if ('answer' in step) phones.get(step.answer)!.answer(step.status)
  else if ('hangUp' in step) await phones.get(step.hangUp)!.hangUp()
  else if ('stream' in step) await phones.get(step.from ?? 'a')!.stream(step.stream)
  else {
    const { udp } = phones.get(step.from ?? 'a')!
    udp.send(Buffer.from(step.send, 'latin1'), step.to ?? SERVER, '127.0.0.1')
  }
  return undefined
}

/**
 * `ERROR: <script>: text` from ` 1(234) ERROR: <script>: text`; of all lines the place in the C
 * source is left out.
 */
function linesOf(lines: readonly string[], which: 'script' | 'all'): string[] {
  const bare = lines.map(plainLine)
  return which === 'all' ? bare : bare.filter(line => /<script>: |^\w+: @/.test(line))
}
