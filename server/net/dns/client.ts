/**
 * The stub resolver: questions to the servers of resolv.conf with repetition, the next server on
 * failure, and TCP for what does not fit (RFC 1035 section 7, RFC 5452). Only so many are under way
 * at a time. That the same is not asked twice at once is the business of who asks.
 */
import type { Random } from '../../lib/random.ts'
import { Timer, type Wheel } from '../../lib/wheel.ts'
import type { NameServer } from './resolv-conf.ts'
import type { DnsTransport } from './sockets.ts'
import type { NameSources } from './system-files.ts'
import { type Answer, FORMERR, NOERROR, NXDOMAIN, readAnswer, writeQuestion } from './wire.ts'

/** The core parameters that say how to ask; live, so read at each question. */
export interface ClientSettings {
  readonly dns_retr_time: number
  readonly dns_retr_no: number
  readonly dns_servers_no: number
}

/** null: no server gave an answer. */
export type Answered = (answer: Answer | null) => void

/** Questions under way; each holds a socket. */
const MOST_UNDER_WAY = 256
/** Questions that wait for one of those places; more fail at once. */
const MOST_WAITING = 10_000

export class DnsClient {
  readonly sources: NameSources
  readonly transport: DnsTransport
  readonly timers: Wheel
  readonly settings: ClientSettings
  readonly random: Random
  private readonly underWay = new Set<Question>()
  private readonly waiting: Question[] = []

  constructor(
    sources: NameSources,
    transport: DnsTransport,
    timers: Wheel,
    settings: ClientSettings,
    random: Random,
  ) {
    this.sources = sources
    this.transport = transport
    this.timers = timers
    this.settings = settings
    this.random = random
  }

  /** Asks; `done` is called once, later, except when nobody can be asked at all. */
  ask(name: string, type: number, done: Answered): void {
    const servers = this.servers()
    if (servers.length === 0 || this.waiting.length >= MOST_WAITING) {
      done(null)
      return
    }
    const question = new Question(this, name, type, servers, done)
    if (this.underWay.size >= MOST_UNDER_WAY) this.waiting.push(question)
    else this.start(question)
  }

  private start(question: Question): void {
    this.underWay.add(question)
    question.send()
  }

  /** Called by a question that has its answer. */
  finish(question: Question, answer: Answer | null): void {
    this.underWay.delete(question)
    question.done(answer)
    while (this.underWay.size < MOST_UNDER_WAY && this.waiting.length > 0)
      this.start(this.waiting.shift()!)
  }

  /** Gives everything up; nobody is called any more. */
  close(): void {
    for (const question of this.underWay) question.giveUp()
    this.underWay.clear()
    this.waiting.length = 0
  }

  private servers(): readonly NameServer[] {
    const { conf } = this.sources
    const limit = this.settings.dns_servers_no
    const servers = limit < 0 ? conf.servers : conf.servers.slice(0, limit)
    if (!conf.rotate || servers.length < 2) return servers
    const first = this.random.uint32() % servers.length
    return [...servers.slice(first), ...servers.slice(0, first)]
  }

  /** Rounds through all servers. */
  get rounds(): number {
    const { dns_retr_no } = this.settings
    return dns_retr_no > 0 ? dns_retr_no : this.sources.conf.attempts
  }

  /** As the C library has it: doubled with each round, which the servers then share. */
  patience(round: number, servers: number): number {
    const { dns_retr_time } = this.settings
    const seconds = dns_retr_time > 0 ? dns_retr_time : this.sources.conf.timeout
    const whole = seconds * 2 ** round
    return 1000 * Math.max(1, Math.trunc(round === 0 ? whole : whole / servers))
  }
}

class Question {
  readonly done: Answered
  private readonly client: DnsClient
  private readonly name: string
  private readonly type: number
  private readonly servers: readonly NameServer[]
  /** Servers that said that they cannot tell: they are not asked again. */
  private readonly failed = new Set<NameServer>()
  private readonly timer: Timer
  private at = 0
  private round = 0
  private id = 0
  private edns: boolean
  private cancel: (() => void) | null = null

  constructor(
    client: DnsClient,
    name: string,
    type: number,
    servers: readonly NameServer[],
    done: Answered,
  ) {
    this.client = client
    this.name = name
    this.type = type
    this.servers = servers
    this.done = done
    this.edns = client.sources.conf.edns
    this.timer = new Timer(() => this.next())
  }

  /** Asks the server whose turn it is, over UDP. */
  send(): void {
    this.dispatch(this.client.sources.conf.useTcp)
  }

  giveUp(): void {
    this.client.timers.disarm(this.timer)
    this.cancel?.()
    this.cancel = null
  }

  private dispatch(overTcp: boolean): void {
    const { transport, timers, random } = this.client
    const server = this.servers[this.at]!
    // RFC 5452 section 9.2: the id is unpredictable, and new for each attempt.
    this.id = random.uint32() & 0xffff
    const question = writeQuestion(this.id, this.name, this.type, this.edns)
    timers.arm(this.timer, this.client.patience(this.round, this.servers.length))
    const receive = (bytes: Buffer | null): void => this.take(bytes, overTcp)
    this.cancel = overTcp
      ? transport.tcp(server, question, receive)
      : transport.udp(server, question, receive)
  }

  private take(bytes: Buffer | null, overTcp: boolean): void {
    if (bytes === null) {
      this.next()
      return
    }
    const answer = readAnswer(bytes, this.id, this.name, this.type)
    // A late answer to an earlier attempt, or a forged one: ours may still come.
    if (answer === 'other') return
    if (answer === 'bad') this.next()
    else if (answer.truncated && !overTcp) {
      // RFC 7766 section 5: what was cut is asked for again over TCP.
      this.giveUp()
      this.dispatch(true)
    } else if (answer.rcode === NOERROR || answer.rcode === NXDOMAIN) {
      this.giveUp()
      this.client.finish(this, answer)
    } else if (answer.rcode === FORMERR && this.edns) {
      // RFC 6891 section 7: a server that does not know EDNS is asked without.
      this.edns = false
      this.giveUp()
      this.dispatch(overTcp)
    } else {
      this.failed.add(this.servers[this.at]!)
      this.next()
    }
  }

  /** No answer from this server: the next one, the next round, or the end. */
  private next(): void {
    this.giveUp()
    const { servers } = this
    while (this.round < this.client.rounds && this.failed.size < servers.length) {
      if (++this.at === servers.length) {
        this.at = 0
        if (++this.round >= this.client.rounds) break
      }
      if (this.failed.has(servers[this.at]!)) continue
      this.send()
      return
    }
    this.client.finish(this, null)
  }
}
