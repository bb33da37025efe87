/**
 * The instance: opens the FIFO and the datagram socket, hands what comes in to the registry and the
 * reply back.
 */
import { join } from 'node:path'
import { JsonPrinter } from '../../../rpc/wire/json-print.ts'
import { groupId, userId } from '../../core/accounts.ts'
import type { Core } from '../../core/core.ts'
import type { ConfigOf, ModuleEnv } from '../../core/module/index.ts'
import { Fifo } from '../../core/rpc/fifo.ts'
import { NoLibrary } from '../../core/rpc/libc.ts'
import type { Caller } from '../../core/rpc/registry.ts'
import { replyPath, writeReply } from '../../core/rpc/reply-fifo.ts'
import type { XhttpApi } from '../xhttp/api.ts'
import { type Datagram, openDatagram } from './datagram.ts'
import { execute, type Outcome, readRequest } from './execute.ts'
import type { needs, params } from './jsonrpcs.module.ts'
import { RequestFrame } from './request-frame.ts'

/** Bits of the parameter `transport`; 0 stands for all of them. */
export const HTTP = 1
export const FIFO = 2
export const DATAGRAM = 4

const NAME = 'jsonrpcs'

export class JsonRpcS {
  readonly core: Core
  readonly xhttp: XhttpApi | null
  /** What jsonrpc_exec gave last: `$jsonrpl`. */
  last: Outcome = { code: 0, reason: '', body: '' }
  private readonly config: ConfigOf<typeof params>
  private readonly printer: JsonPrinter
  private readonly doors: { close(): void }[] = []

  constructor(env: ModuleEnv<typeof params, typeof needs>) {
    this.core = env.core
    this.xhttp = env.apis.xhttp
    this.config = env.config
    this.printer = new JsonPrinter(env.config.pretty_format !== 0)
  }

  uses(transport: number): boolean {
    return this.config.transport === 0 || (this.config.transport & transport) !== 0
  }

  async start(): Promise<void> {
    if (this.uses(FIFO) && this.config.fifo_name !== '') this.doors.push(await this.openFifo())
    if (this.uses(DATAGRAM) && this.config.dgram_socket !== '') {
      const socket = await this.openSocket().catch(without)
      if (socket instanceof NoLibrary) this.error(`no datagram socket: ${socket.message}`)
      else this.doors.push(socket)
    }
  }

  stop(): void {
    for (const door of this.doors.splice(0)) door.close()
  }

  /** Executes a request text; null when it is no JSON. */
  execute(text: string, transport: Caller['transport']): Outcome | Promise<Outcome> | null {
    const request = readRequest(text)
    if (request === null) {
      this.error(`invalid json doc [[${text}]]`)
      return null
    }
    return execute(this.core.rpc, request, callerBy(transport), this.printer)
  }

  error(text: string): void {
    this.core.log.error(NAME, text)
  }

  private openFifo(): Promise<Fifo> {
    const { config } = this
    const onError = (text: string): void => this.error(`fifo: ${text}`)
    const frame = new RequestFrame(() => onError('request too long, dropped'))
    return Fifo.open({
      path: this.inRunDir(config.fifo_name),
      mode: config.fifo_mode,
      user: userId(config.fifo_user),
      group: groupId(config.fifo_group),
      onText: text => {
        for (const request of frame.push(text)) void this.answerFifo(request)
      },
      onError,
    })
  }

  private openSocket(): Promise<Datagram> {
    const { config } = this
    const address = config.dgram_socket
    return openDatagram({
      address: address.startsWith('udp:') ? address : this.inRunDir(address),
      mode: config.dgram_mode,
      user: userId(config.dgram_user),
      group: groupId(config.dgram_group),
      timeoutMs: config.dgram_timeout,
      onRequest: (text, answer) => void this.answerDatagram(text, answer),
      onError: text => this.error(`datagram: ${text}`),
    })
  }

  /** Without a place for the reply the request is not executed. */
  private async answerFifo(text: string): Promise<void> {
    const request = readRequest(text)
    if (request === null) {
      this.error(`invalid json doc [[${text}]]`)
      return
    }
    const path =
      request.replyName === null ? null : replyPath(this.config.fifo_reply_dir, request.replyName)
    if (path === null) {
      this.error(`fifo: no acceptable reply_name (${request.replyName ?? 'none given'})`)
      return
    }
    const outcome = await execute(this.core.rpc, request, callerBy('fifo'), this.printer)
    try {
      await writeReply(path, outcome.body)
    } catch (error) {
      this.error(`fifo: reply not written: ${(error as Error).message}`)
    }
  }

  private async answerDatagram(text: string, answer: (text: string) => void): Promise<void> {
    const outcome = await this.execute(text, 'datagram')
    if (outcome !== null) answer(outcome.body)
  }

  private inRunDir(path: string): string {
    return path.startsWith('/') ? path : join(this.core.options.runDir, path)
  }
}

const CALLERS = new Map<Caller['transport'], Caller>()

/** These callers do not stay: one of each kind stands for all. */
export function callerBy(transport: Caller['transport']): Caller {
  let caller = CALLERS.get(transport)
  if (caller === undefined) {
    caller = {
      transport,
      strictness: { convert: false, skipWrongOptional: false },
      connection: null,
    }
    CALLERS.set(transport, caller)
  }
  return caller
}

/** A machine that has no such sockets has the other ways. */
function without(error: unknown): NoLibrary {
  if (error instanceof NoLibrary) return error
  throw error
}
