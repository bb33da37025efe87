/** The instance: numbered pipes, and queues that lead methods to them. */
import type { Core } from '../../core/core.ts'
import { BadValue, type ConfigOf, type ModuleEnv, type Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { UDP } from '../../sip/transport.ts'
import {
  algorithmNamed,
  FEEDBACK,
  LoadControl,
  NETWORK,
  NOP,
  Pipe,
  waitingBytes,
} from '../pipelimit/api.ts'
import type { params } from './ratelimit.module.ts'

export const MOST_PIPES = 32
export const MOST_QUEUES = 10

export interface PipeParam {
  readonly number: number
  readonly algorithm: number
  readonly limit: number
}

export interface Queue {
  readonly pipe: number
  /** `*` is all methods without a queue of their own. */
  readonly method: string
}

/** `0:TAILDROP:10`. Throws BadValue. */
export function readPipe(text: string): PipeParam {
  const found = /^\s*(\d+)\s*:\s*(\w+)\s*:\s*(-?\d+)\s*$/.exec(text)
  if (found === null) throw new BadValue(`"${text}" is no pipe`, 'number:ALGORITHM:limit')
  const [, number, name, limit] = found
  const algorithm = algorithmNamed(name!)
  if (algorithm < 0)
    throw new BadValue(`unknown algorithm ${name}`, 'TAILDROP, RED, FEEDBACK, NETWORK or NOP')
  if (Number(number) >= MOST_PIPES) throw new BadValue(`pipe ${number} is not below ${MOST_PIPES}`)
  return { number: Number(number), algorithm, limit: Number(limit) }
}

/** `0:INVITE`. Throws BadValue. */
export function readQueue(text: string): Queue {
  const found = /^\s*(\d+)\s*:\s*(\S+)\s*$/.exec(text)
  if (found === null) throw new BadValue(`"${text}" is no queue`, 'pipe:METHOD')
  const pipe = Number(found[1])
  if (pipe >= MOST_PIPES) throw new BadValue(`pipe ${pipe} is not below ${MOST_PIPES}`)
  return { pipe, method: found[2]! }
}

export class RateLimit {
  readonly config: ConfigOf<typeof params>
  readonly core: Core
  readonly control = new LoadControl()
  readonly pipes = Array.from({ length: MOST_PIPES }, () => new Pipe(NOP, 0))
  readonly queues: Queue[]
  /** Says of every packet what became of it (rl.set_dbg). */
  debug = false

  constructor(env: ModuleEnv<typeof params, {}>) {
    this.config = env.config
    this.core = env.core
    if (env.config.queue.length > MOST_QUEUES)
      throw new Error(`ratelimit: there are more than ${MOST_QUEUES} queues`)
    for (const { number, algorithm, limit } of env.config.pipe)
      this.pipes[number] = new Pipe(algorithm, limit)
    this.queues = [...env.config.queue]
    const limits = new Set(this.feedback().map(({ limit }) => limit))
    if (limits.size > 1)
      throw new Error('ratelimit: FEEDBACK cpu load values must be equal for all pipes')
    this.setSetpoint()
  }

  feedback(): Pipe[] {
    return this.pipes.filter(({ algorithm }) => algorithm === FEEDBACK)
  }

  /** The load that FEEDBACK pipes want is one for all of them. */
  setSetpoint(): void {
    const [pipe] = this.feedback()
    if (pipe !== undefined) this.control.setpoint = pipe.limit / 100
  }

  /** By the queue of its method; without one it passes. */
  check(msg: SipMessage): Verdict {
    const queue =
      this.queues.find(({ method }) => method === msg.method) ??
      this.queues.find(({ method }) => method === '*')
    return queue === undefined ? 1 : this.push(queue.pipe)
  }

  push(number: number): Verdict {
    const pipe = this.pipes[number]
    if (pipe === undefined || pipe.algorithm === NOP) {
      this.core.log.error('ratelimit', `no algorithm defined for pipe ${number}`)
      return -1
    }
    const passes = pipe.passes(this.control, pipe.limit * this.config.timer_interval)
    if (this.debug) {
      const { counter, limit, load } = pipe
      const what = `pipe=${number} limit=${limit} load=${load} counter=${counter}`
      this.core.log.warn('ratelimit', `${what} => ${passes ? 'ACCEPT' : 'DROP'}`)
    }
    return passes ? 1 : -1
  }

  /** An interval is over. */
  next(): void {
    const uses = (algorithm: number): boolean =>
      this.pipes.some(pipe => pipe.algorithm === algorithm)
    if (uses(FEEDBACK)) this.control.measure()
    const waiting = uses(NETWORK) ? this.waiting() : 0
    for (const pipe of this.pipes) pipe.next(this.config.timer_interval, waiting)
  }

  private waiting(): number {
    const sockets = this.core.sockets.list.filter(({ proto }) => proto === UDP)
    return waitingBytes(new Set(sockets.map(({ port }) => port)))
  }
}
