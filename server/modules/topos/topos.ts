/**
 * The instance of topos. Routing headers are stripped on the wire only: everybody else in the node
 * sees messages as they would be without it.
 */
import { BadValue, type ModuleEnv } from '../../core/module/index.ts'
import { PacketEvent } from '../../core/packet-event.ts'
import { xavusOf } from '../../core/xavp.ts'
import type { Edit } from '../../sip/edit.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { TopologyStorage, TopologyStripping } from './api.ts'
import { arrive, replaceCallId } from './arrival.ts'
import { XAVU_USER } from './contact.ts'
import { DatabaseStorage } from './database.ts'
import { depart } from './departure.ts'
import { EVENT_BITS, EVENTS } from './events.ts'
import { methodBits } from './methods.ts'
import { Order } from './order.ts'
import { Store } from './store.ts'
import type { needs, params } from './topos.module.ts'

type Env = ModuleEnv<typeof params, typeof needs>

export class Topos implements TopologyStripping {
  readonly core: Env['core']
  readonly config: Env['config']
  readonly sanity: Env['apis']['sanity']
  readonly incoming: PacketEvent
  readonly receiving: PacketEvent
  readonly outgoing: PacketEvent
  readonly sending: PacketEvent
  readonly order: Order
  readonly mask: Env['apis']['topoh']
  /** Bits of methods. */
  readonly noContact: number
  readonly noInitial: number
  /** What tps_set_context() said since the last message came in. */
  context = ''
  store!: Store
  private readonly contexts = new WeakMap<SipMessage, string>()
  private storage: TopologyStorage | null
  private names = 0
  /** Branches in the Vias of requests that came with a masked Call-ID, and when they came. */
  private readonly maskedVias = new Map<string, number>()

  constructor(env: Env) {
    const { core, config, apis } = env
    this.core = core
    this.config = config
    this.sanity = apis.sanity
    this.mask = config.mask_callid === 0 ? null : apis.topoh
    check(config, apis)
    this.noContact = methodBits(config.methods_nocontact)
    this.noInitial = methodBits(config.methods_noinitial)
    const { event_callback: callback, event_mode: mode } = config
    const event = (which: keyof typeof EVENT_BITS): PacketEvent =>
      new PacketEvent(core, EVENTS[which], callback, (mode & EVENT_BITS[which]) !== 0)
    this.incoming = event('incoming')
    this.receiving = event('receiving')
    this.outgoing = event('outgoing')
    this.sending = event('sending')
    this.order = new Order(error => this.error(`storage: ${String(error)}`))
    this.storage =
      config.storage === 'db'
        ? new DatabaseStorage(core, {
            url: config.db_url,
            checkVersion: config.version_table !== 0,
            limits: this,
          })
        : null
  }

  get branchExpire(): number {
    return this.config.branch_expire
  }

  get dialogExpire(): number {
    return this.config.dialog_expire
  }

  provideStorage(name: string, storage: TopologyStorage): void {
    if (name === this.config.storage) this.storage = storage
  }

  async start(): Promise<void> {
    const { storage } = this
    if (storage === null)
      throw new BadValue(
        `topos: nobody gives the storage ${this.config.storage}`,
        `loadmodule "topos_${this.config.storage}.so" behind topos`,
      )
    if (this.config.mask_callid !== 0 && this.mask === null)
      this.core.log.warn('topos', 'mask_callid needs the module topoh: Call-IDs stay as they are')
    this.store = new Store(storage, this.core.clock)
    await storage.start()
    // Not before: other modules may send when they start.
    const { hooks, network } = this.core
    hooks.addArrival((raw, received, resume) => arrive(this, raw, received, resume))
    network.departures = [...(network.departures ?? []), (text, to) => depart(this, text, to)]
  }

  async stop(): Promise<void> {
    await this.storage?.stop()
  }

  error(text: string): void {
    this.core.log.error('topos', text)
  }

  clean(): void {
    const idle = this.config.branch_expire * 1000
    this.store.sweep(idle)
    const before = this.core.clock.now() - idle
    for (const [branch, at] of this.maskedVias) if (at <= before) this.maskedVias.delete(branch)
  }

  setContext(msg: SipMessage, context: string): number {
    this.context = context
    this.contexts.set(msg, context)
    return 1
  }

  /** Of a request that leaves: what its route said, else the parameter. */
  contextOf(msg: SipMessage): string {
    const { current } = this.core.routes
    const said = this.contexts.get(msg) ?? (current === null ? '' : this.contexts.get(current))
    return said || this.context || this.config.context
  }

  /** A name for a dialog, that no other node gives; the context is part of it. */
  newName(context: string): string {
    const { clock } = this.core
    const parts = [Math.floor(clock.now() / 1000), process.pid, ++this.names]
    const name = `tpsh-${parts.map(part => part.toString(16)).join('-')}`
    return context === '' ? name : `${name}-${context}`
  }

  /** A value below xavu_cfg, '' when there is none. */
  xavu(msg: SipMessage, field: string): string {
    const { xavu_cfg: root } = this.config
    if (root === '' || field === '' || msg.avps === null) return ''
    const value = xavusOf(msg).get(root, field)
    return typeof value === 'string' ? value : ''
  }

  realCallId(msg: SipMessage): string {
    return this.mask?.unmaskCallId(msg.callId) ?? msg.callId
  }

  noteMasked(viaBranch: string): void {
    this.maskedVias.set(viaBranch, this.core.clock.now())
  }

  /** Is that a request of who sees masked Call-IDs? */
  cameMasked(viaBranch: string): boolean {
    return this.maskedVias.has(viaBranch)
  }

  maskCallId(msg: SipMessage, edits: Edit[]): void {
    if (this.mask !== null) replaceCallId(msg, this.mask.maskCallId(msg.callId), edits)
  }
}

/** Refuses what cannot be. */
function check(config: Env['config'], apis: Env['apis']): void {
  if (config.storage !== 'db' && config.storage !== 'redis')
    throw new BadValue(`topos: unknown storage type: ${config.storage}`, 'db, redis')
  if (config.sanity_checks !== 0 && apis.sanity === null)
    throw new BadValue('topos: sanity_checks needs the module sanity', 'loadmodule "sanity.so"')
  const { xavu_cfg, xavu_field_a_contact: a, xavu_field_b_contact: b } = config
  if (config.contact_mode === XAVU_USER && (xavu_cfg === '' || a === '' || b === ''))
    throw new BadValue(
      'topos: contact_mode parameter is 2, but a_contact or b_contact xavu fields not defined',
      'xavu_cfg, xavu_field_a_contact, xavu_field_b_contact',
    )
}
