/** The instance: opens what the config asks for and knows who is connected. */
import { join } from 'node:path'
import { Fault } from '../../../rpc/faults.ts'
import { groupId, userId } from '../../core/accounts.ts'
import type { Core } from '../../core/core.ts'
import type { ConfigOf, ModuleEnv } from '../../core/module/index.ts'
import type { Caller } from '../../core/rpc/registry.ts'
import type { CtlAddress } from './address.ts'
import { Binrpc } from './binrpc.ts'
import type { params } from './ctl.module.ts'
import { type Door, openDoor, type OpenConnection } from './doors.ts'
import type { Protocol } from './protocol.ts'
import { replyingByFifo } from './reply-by-fifo.ts'
import { TextProtocol } from './text-protocol.ts'

/** In the runtime directory; where kamcmd looks when nobody tells it. */
const DEFAULT_SOCKET = 'kamailio_ctl'
const RW_OWNER = 0o600

export class Ctl {
  private readonly core: Core
  private readonly config: ConfigOf<typeof params>
  private readonly open = new Set<OpenConnection>()
  private readonly listening: { protocol: string; at: CtlAddress }[] = []
  private doors: Door[] = []

  constructor(env: ModuleEnv<typeof params, {}>) {
    this.core = env.core
    this.config = env.config
  }

  async start(): Promise<void> {
    const { binrpc, fifo } = this.config
    const convert = this.config.autoconversion !== 0
    for (const at of binrpc.length + fifo.length === 0 ? [this.defaultSocket()] : binrpc) {
      await this.listen(at, new Binrpc(this.core.rpc), callerBy('binrpc', convert))
    }
    for (const at of fifo) {
      const text = new TextProtocol(this.core.rpc, request =>
        this.error(`fifo: Command must begin with :: ${request.split('\n')[0]}`),
      )
      const protocol =
        at.transport === 'fifo' ? replyingByFifo(text, problem => this.error(problem)) : text
      await this.listen(at, protocol, callerBy('text-fifo', true))
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.doors.map(door => door.close()))
    this.doors = []
  }

  /** ctl.who: what is connected, flat. */
  who(): string[] {
    this.onlyByBinrpc()
    if (this.open.size === 0) throw new Fault(400, 'no open stream connection')
    return [...this.open].flatMap(({ protocol, transport, from, to }) => [
      protocol,
      transport,
      ...from,
      ...to,
    ])
  }

  connections(): number {
    this.onlyByBinrpc()
    return this.open.size
  }

  listeners(): string[] {
    return this.listening.flatMap(({ protocol, at }) => [
      protocol,
      at.transport,
      at.address || '*',
      at.port === 0 ? '' : String(at.port),
    ])
  }

  private onlyByBinrpc(): void {
    const by = this.core.rpc.caller?.transport
    if (by !== 'binrpc' && by !== 'text-fifo') {
      throw new Fault(606, 'rpc available only over binrpc (ctl)')
    }
  }

  private defaultSocket(): CtlAddress {
    const address = join(this.core.options.runDir, DEFAULT_SOCKET)
    return { transport: 'unix_stream', address, port: 0 }
  }

  private async listen(at: CtlAddress, protocol: Protocol, caller: Caller): Promise<void> {
    const door = await openDoor({
      at: at.port === 0 ? { ...at, address: this.inRunDir(at.address) } : at,
      protocol,
      caller,
      mode: this.config.mode || RW_OWNER,
      user: userId(this.config.user),
      group: groupId(this.config.group),
      connections: this.open,
      onError: text => this.error(`${at.address}: ${text}`),
    })
    this.doors.push(door)
    this.listening.push({ protocol: protocol.name, at })
  }

  private inRunDir(path: string): string {
    return path.startsWith('/') ? path : join(this.core.options.runDir, path)
  }

  private error(text: string): void {
    this.core.log.error('ctl', text)
  }
}

const callerBy = (transport: Caller['transport'], convert: boolean): Caller => ({
  transport,
  strictness: { convert, skipWrongOptional: true },
  connection: null,
})
