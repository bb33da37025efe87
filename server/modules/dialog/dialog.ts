/** The instance of dialog: the table, who wants to know of what happens, and the doors to it. */
import type { Core } from '../../core/core.ts'
import {
  BadValue,
  type ConfigOf,
  type CountersOf,
  type ModuleEnv,
  type PvHandle,
} from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { defaultPort, type SipUri, uriTransport } from '../../sip/uri.ts'
import type { RecordRouting } from '../rr/api.ts'
import type { TmApi, TransactionCallback, TransactionView } from '../tm/api.ts'
import { endListener, inviteListener } from './answers.ts'
import {
  CALLER,
  type DialogApi,
  type DialogCallback,
  DOWNSTREAM,
  NO_DIRECTION,
  RESPONSE_WITHIN,
  TERMINATION_CONFIRMED,
  UPSTREAM,
} from './api.ts'
import { begin } from './begin.ts'
import { AGAIN, Context } from './context.ts'
import { cookieOf } from './cookie.ts'
import { raiseForCredentials } from './cseq.ts'
import { startDatabase, stopDatabase } from './database.ts'
import type { needs, stats } from './dialog.module.ts'
import type { Dialog, DialogTimer } from './dialog-record.ts'
import { type DialogEventRoutes, findEventRoutes, noEventRoutes } from './events.ts'
import { afterScript, joinNew } from './joining.ts'
import { Keepalives } from './keepalive.ts'
import { timerOf } from './lifetime.ts'
import type { params } from './params.ts'
import { callerBye } from './made-message.ts'
import { Profiles } from './profiles.ts'
import { release } from './references.ts'
import type { DialogStore } from './store.ts'
import { DialogTable, type Match } from './table.ts'
import { setLifetime } from './timer.ts'
import { dialogVariable, setDialogVariable } from './variables.ts'
import { matchRequest } from './within.ts'

type Env = ModuleEnv<typeof params, typeof needs, typeof stats>

interface Listener {
  readonly events: number
  readonly callback: DialogCallback
}

/** As rr's other listeners, in the order in which modules are loaded. */
const ROUTE_PRIORITY = 0
/** Shorter ones would make phones busy (ka_interval). */
const LEAST_INTERVAL = 30

export class Dialogs implements DialogApi {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  readonly stats: CountersOf<typeof stats>
  readonly tm: TmApi
  readonly rr: RecordRouting
  readonly table: DialogTable
  readonly keepalives: Keepalives
  readonly profiles: Profiles
  /** null: nothing is kept beside the memory. */
  store: DialogStore | null = null
  /** What is known of messages; it goes with them. */
  readonly contexts = new WeakMap<SipMessage, Context>()
  /** Of transactions that this module listens to. */
  readonly byTransaction = new WeakMap<TransactionView, Dialog>()
  /** Transactions whose requests have left with another CSeq number. */
  readonly raised = new WeakSet<TransactionView>()
  routes: DialogEventRoutes = noEventRoutes()
  // ---- made once, so that no dialog needs a closure
  readonly fireTimer: (this: DialogTimer) => void
  readonly beginByFlag: (request: SipMessage, context: Context) => boolean
  readonly onInvite: TransactionCallback
  readonly onEnd: TransactionCallback
  readonly onByeAnswered: TransactionCallback
  readonly onReplyUp: TransactionCallback
  readonly onReplyDown: TransactionCallback
  private readonly listeners: Listener[] = []
  /** The events of all of them. */
  private events = 0
  /** Bit of dlg_flag, 0 without. */
  readonly flag: number

  constructor(env: Env) {
    const { core, config, apis } = env
    this.core = core
    this.config = config
    this.stats = env.stats
    this.tm = apis.tm
    this.rr = apis.rr
    check(config)
    this.flag = config.dlg_flag < 0 ? 0 : 1 << config.dlg_flag
    this.profiles = new Profiles(this)
    this.keepalives = new Keepalives(this)
    this.table = makeTable(this)
    this.fireTimer = timerOf(this)
    this.beginByFlag = (request, context) => begin(this, request, context, true)
    this.onInvite = inviteListener(this)
    this.onEnd = endListener(this)
    const teller =
      (event: number, direction: number): TransactionCallback =>
      (_event, transaction, request, reply, code) => {
        const dialog = this.alive(this.byTransaction.get(transaction) ?? null)
        if (dialog !== null && code >= 200) this.tell(dialog, event, request, reply, direction)
      }
    this.onByeAnswered = teller(TERMINATION_CONFIRMED, UPSTREAM)
    this.onReplyUp = teller(RESPONSE_WITHIN, UPSTREAM)
    this.onReplyDown = teller(RESPONSE_WITHIN, DOWNSTREAM)
  }

  async start(): Promise<void> {
    const { core, config } = this
    checkVariable(config.timeout_avp)
    core.routes.follow(() => {
      this.routes = findEventRoutes(this)
    })
    this.rr.onRoute(msg => matchRequest(this, msg, config.dlg_match_mode), ROUTE_PRIORITY)
    this.tm.onRequestIn((_event, transaction, request) =>
      joinNew(this, transaction, request, this.beginByFlag),
    )
    core.hooks.addPostRequest(msg => {
      afterScript(this, msg)
      return true
    })
    await startDatabase(this)
  }

  async stop(): Promise<void> {
    await stopDatabase(this)
  }

  error(text: string): void {
    this.core.log.error('dialog', text)
  }

  /** Seconds since 1970. */
  now(): number {
    return Math.floor(this.core.clock.now() / 1000)
  }

  // ---- what is known of a message
  /** Null when nothing is known of it. */
  peek(msg: SipMessage): Context | null {
    const own = this.contexts.get(msg)
    if (own !== undefined) return own
    // A reply, or a message that stands for its request: what is known of the request.
    const request = this.tm.transactionOf(msg)?.request ?? null
    const context = request === null ? undefined : this.contexts.get(request)
    // The replies to an INVITE that came through again are not those that count.
    return context === undefined || context.spiral === AGAIN ? null : context
  }

  contextOf(msg: SipMessage): Context {
    const known = this.peek(msg)
    if (known !== null) return known
    const context = new Context()
    this.contexts.set(msg, context)
    return context
  }

  /** Null when it is out of the table. */
  alive(dialog: Dialog | null): Dialog | null {
    return dialog !== null && dialog.ref > 0 ? dialog : null
  }

  requestUri(msg: SipMessage): string {
    return this.config.ruri_pvar === null ? msg.uri : this.config.ruri_pvar(msg)
  }

  /** Does this URI name us? */
  isMyself(uri: SipUri): boolean {
    const port = uri.portNumber || defaultPort(uriTransport(uri), uri.scheme)
    return this.core.sockets.isMyself(uri.host, port, 0)
  }

  /** Puts the name of the dialog into the Record-Route of a request. */
  addCookie(msg: SipMessage, { entry, id }: Dialog): void {
    this.rr.addParam(msg, `;${this.config.rr_param}=${cookieOf(entry, id)}`)
  }

  // ---- what happens to a dialog
  wants(dialog: Dialog, event: number): boolean {
    return ((dialog.events | this.events) & event) !== 0
  }

  tell(
    dialog: Dialog,
    event: number,
    request: SipMessage | null,
    reply: SipMessage | null,
    direction: number,
  ): void {
    if (!this.wants(dialog, event)) return
    const news = { event, request, reply, direction }
    for (const listener of this.listeners)
      if ((listener.events & event) !== 0) listener.callback(dialog, news)
    dialog.tell(news)
  }

  /** Something that is kept has changed. */
  changed(dialog: Dialog, flag: number): void {
    dialog.dflags |= flag
    this.store?.changed(dialog)
  }

  release(dialog: Dialog, count: number): void {
    release(this, dialog, count)
  }

  /** The dialog that is known of the message, else the one that its Call-ID and tags name. */
  matchOf(msg: SipMessage): Match | null {
    const fromTag = msg.from?.tag ?? ''
    const toTag = msg.to?.tag ?? ''
    const dialog = this.alive(this.peek(msg)?.dialog ?? null)
    if (dialog !== null) return { dialog, direction: wayIn(dialog, msg, fromTag, toTag) }
    if (fromTag === '') return null
    return this.table.findCall(msg.callId, fromTag, toTag, NO_DIRECTION)
  }

  // ---- api.ts
  dialogOf(msg: SipMessage): Dialog | null {
    return this.matchOf(msg)?.dialog ?? null
  }

  on(events: number, callback: DialogCallback): void {
    this.events |= events
    this.listeners.push({ events, callback })
  }

  setLifetime(dialog: Dialog, seconds: number): void {
    setLifetime(this, dialog, seconds)
  }

  raiseCSeq(msg: SipMessage): void {
    raiseForCredentials(this, msg)
  }

  variable(dialog: Dialog, key: string): string | null {
    return dialogVariable(dialog, key)
  }

  setVariable(dialog: Dialog, key: string, value: string | null): void {
    setDialogVariable(this, dialog, key, value)
  }

  callerBye(dialog: Dialog): SipMessage | null {
    return callerBye(this, dialog)
  }
}

function wayIn(dialog: Dialog, msg: SipMessage, fromTag: string, toTag: string): number {
  if (dialog.callId !== msg.callId) return NO_DIRECTION
  const { tag } = dialog.legs[CALLER]
  return tag === fromTag ? DOWNSTREAM : tag === toTag && toTag !== '' ? UPSTREAM : NO_DIRECTION
}

/** What Kamailio refuses. */
function check(config: Env['config']): void {
  const { ka_interval: interval } = config
  if (config.rr_param === '') throw new BadValue('dialog: empty rr_param!!')
  if (interval !== 0 && interval < LEAST_INTERVAL)
    throw new BadValue(
      `dialog: ka interval too low (${interval}), has to be at least ${LEAST_INTERVAL}`,
    )
  if (config.dlg_mode !== 0)
    throw new BadValue('dialog: dlg_mode takes 0 alone', 'dlg_manage() begins dialogs')
  if (config.enable_dmq !== 0 || config.enable_dmq_ka_iflags_sync !== 0)
    throw new BadValue(
      'dialog: enable_dmq needs the module dmq, which is not there yet',
      'db_mode keeps dialogs in a database that nodes share',
    )
}

/** Known when all modules are made. */
function checkVariable(variable: PvHandle | null): void {
  if (variable !== null && !/^\$\(?avp\(/.test(variable.text))
    throw new BadValue(
      `dialog: malformed or non AVP timeout AVP definition in '${variable.text}'`,
      'timeout_avp is the name of an AVP: $avp(x)',
    )
}

function makeTable({ config, core }: Dialogs): DialogTable {
  const { hash_size: size } = config
  const bits = Math.floor(Math.log2(size))
  if (2 ** bits !== size)
    core.log.warn(
      'dialog',
      `hash_size is not a power of 2 as it should be -> rounding from ${size} to ${2 ** bits}`,
    )
  const step = Math.max(1, config.h_id_step)
  const offset = config.h_id_start === -1 ? core.params.server_id : Math.max(0, config.h_id_start)
  const first = (): number => core.random.uint32() % (3 * 2 ** bits)
  // With a step of 1 the offset has no say, in Kamailio either: numbers begin behind it.
  return new DialogTable(bits, { start: step > 1 ? offset : 1, step, first })
}
