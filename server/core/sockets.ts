/**
 * Our own addresses: the sockets we listen on and the other names that mean us (alias,
 * auto_aliases).
 */
import { canonical } from '../lib/ip.ts'
import { carrierOf, type SocketInfo } from '../sip/transport.ts'
import type { Hooks } from './hooks.ts'
import type { LocalAddresses } from './local-addresses.ts'

export interface Alias {
  readonly proto: number
  readonly host: string
  readonly port: number
}

export class Sockets {
  readonly list: SocketInfo[] = []
  readonly aliases: Alias[] = []
  private readonly hooks: Hooks
  /** Answers already worked out: hosts of messages repeat. */
  private readonly known = new Map<string, boolean>()
  /** The name that was found to be ours last. */
  private lastHost = ''
  private lastPort = 0
  private lastProto = 0
  private hasVirtual = false
  /** Generation of our addresses for which the answers hold. */
  private answersOf = 0
  private readonly local: LocalAddresses

  constructor(hooks: Hooks, local: LocalAddresses) {
    this.hooks = hooks
    this.local = local
  }

  add(socket: SocketInfo): void {
    this.list.push(socket)
    this.hasVirtual ||= socket.virtual
    this.known.clear()
  }

  addAlias(alias: Alias): void {
    this.aliases.push(alias)
    this.known.clear()
  }

  removeAlias({ proto, host, port }: Alias): void {
    const at = this.aliases.findIndex(
      alias => alias.host === host && alias.port === port && alias.proto === proto,
    )
    if (at >= 0) this.aliases.splice(at, 1)
    this.forgetAnswers()
  }

  private forgetAnswers(): void {
    this.known.clear()
    this.lastPort = -1
    this.answersOf = this.local.generation()
  }

  /** A virtual socket is ours while this host has its address. */
  private isHere(socket: SocketInfo): boolean {
    return !socket.virtual || this.local.has(socket.address)
  }

  /** Does this host name us? Port and proto 0 stand for any (`uri==myself`, loose routing). */
  isMyself(host: string, port: number, proto: number): boolean {
    if (this.hasVirtual && this.local.generation() !== this.answersOf) this.forgetAnswers()
    // Requests to one node name it alike: the last answer is mostly this one too.
    if (host === this.lastHost && port === this.lastPort && proto === this.lastProto) {
      return true
    }
    const key = `${host}|${port}|${proto}`
    let answer = this.known.get(key)
    if (answer === undefined) {
      answer = this.lookup(canonical(host), port, proto)
      if (this.known.size > 10_000) this.known.clear()
      this.known.set(key, answer)
    }
    if (answer) {
      this.lastHost = host
      this.lastPort = port
      this.lastProto = proto
    }
    if (answer || this.hooks.isMyself === null) return answer
    return this.hooks.isMyself.some(hook => hook(host, port, proto))
  }

  private lookup(host: string, port: number, proto: number): boolean {
    const carrier = carrierOf(proto)
    for (const s of this.list) {
      if ((proto !== 0 && carrier !== s.proto) || !this.isHere(s)) continue
      if ((port === 0 || port === s.port) && s.address === host) return true
      if ((port === 0 || port === s.advertisedPort) && canonical(s.advertisedHost) === host)
        return true
    }
    for (const a of this.aliases) {
      if (proto !== 0 && a.proto !== 0 && carrier !== a.proto) continue
      if ((port === 0 || a.port === 0 || port === a.port) && a.host === host) return true
    }
    return false
  }

  /** The socket with this address, port and transport (0 for any), or null. */
  find(host: string, port: number, proto: number): SocketInfo | null {
    const address = canonical(host)
    return (
      this.list.find(
        s =>
          s.address === address &&
          this.isHere(s) &&
          (port === 0 || s.port === port) &&
          (proto === 0 || s.proto === carrierOf(proto)),
      ) ?? null
    )
  }

  named(name: string): SocketInfo | null {
    return this.list.find(s => s.name === name && name !== '') ?? null
  }
}
