/** All RPC commands of the node by name; every transport finds and calls them here. */
import { Fault, methodNotFound } from '../../../rpc/faults.ts'
import type { Methods, ShapeNode } from '../../../rpc/schema.ts'
import type { Handlers } from '../module/index.ts'
import { bind, type Strictness } from './bind.ts'

/**
 * Who calls: handlers that depend on it (ctl.who, ohana.subscribe) look here while they are called.
 */
export interface Caller {
  readonly transport:
    | 'fifo'
    | 'datagram'
    | 'http'
    | 'binrpc'
    | 'text-fifo'
    | 'script'
    | 'stream'
    | 'websocket'
  readonly strictness: Strictness
  /** Where events can be sent; null when the transport has no way to. */
  readonly connection: Connection | null
}

/** A caller who stays: events can be sent to it until it ends. */
export interface Connection {
  /** False: the reader is slow and the event was left out. */
  notify(method: string, params: unknown): boolean
  /** Called once when the connection has ended. */
  onEnd(callback: () => void): void
}

export interface Command {
  readonly name: string
  /** What its handler works on. */
  readonly owner: unknown
  readonly method: Methods[string]
  readonly run: (...params: unknown[]) => unknown
}

export interface Reply {
  readonly shape: ShapeNode
  readonly value: unknown
}

export class RpcRegistry {
  private readonly commands = new Map<string, Command>()
  private sorted: string[] | null = null
  /** The caller of the handler that is running now; null after its first await. */
  caller: Caller | null = null
  /**
   * Told of every fault that is our own mistake: a handler that threw something else than Fault.
   */
  onMistake: (command: string, error: unknown) => void = () => {}
  /** Told of every call with its reply, for tests that check replies against their shapes. */
  onReply: ((command: string, reply: Reply) => void) | null = null

  /** Takes in the commands of a module. A name that is there already stays with its first owner. */
  addModule<S, M extends Methods>(contract: M, handlers: Handlers<S, M>, instance: S): void {
    for (const [name, method] of Object.entries(contract)) {
      if (this.commands.has(name)) continue
      const handler = handlers[name as keyof M] as (self: S, ...params: unknown[]) => unknown
      const run = (...params: unknown[]): unknown => handler(instance, ...params)
      this.commands.set(name, { name, owner: instance, method, run })
    }
    this.sorted = null
  }

  /** Takes the commands of a module away that works on this instance. */
  removeModule(contract: Methods, instance: unknown): void {
    for (const name of Object.keys(contract))
      if (this.commands.get(name)?.owner === instance) this.commands.delete(name)
    this.sorted = null
  }

  /** In alphabetical order, as system.listMethods lists them. */
  names(): readonly string[] {
    this.sorted ??= [...this.commands.keys()].sort()
    return this.sorted
  }

  find(name: string): Command | null {
    return this.commands.get(name) ?? null
  }

  /**
   * Calls a command. What it does at once is done when this returns; the promise is for what has to
   * wait. Throws (or rejects with) Fault and nothing else: our own mistakes are reported and
   * answered as `500 Internal error`.
   */
  call(name: string, args: readonly unknown[], caller: Caller): Reply | Promise<Reply> {
    const command = this.commands.get(name)
    if (command === undefined) throw methodNotFound()
    const params = bind(command.method, args, caller.strictness)
    const previous = this.caller
    this.caller = caller
    let value: unknown
    try {
      value = command.run(...params)
    } catch (error) {
      throw this.fault(name, error)
    } finally {
      this.caller = previous
    }
    const shape = command.method.result
    if (!(value instanceof Promise)) return this.replied(name, { shape, value })
    return value.then(
      (later: unknown) => this.replied(name, { shape, value: later }),
      (error: unknown) => {
        throw this.fault(name, error)
      },
    )
  }

  private replied(name: string, reply: Reply): Reply {
    this.onReply?.(name, reply)
    return reply
  }

  private fault(name: string, error: unknown): Fault {
    if (error instanceof Fault) return error
    this.onMistake(name, error)
    return new Fault(500, 'Internal error')
  }
}
