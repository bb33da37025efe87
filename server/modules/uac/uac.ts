/** The instance of uac. */
import type { Core } from '../../core/core.ts'
import {
  BadValue,
  type ConfigOf,
  type ModuleEnv,
  type RouteBlock,
} from '../../core/module/index.ts'
import { protoNumber, type SocketInfo } from '../../sip/transport.ts'
import type { DialogApi } from '../dialog/api.ts'
import type { RecordRouting } from '../rr/api.ts'
import type { TmApi, TransactionCallback } from '../tm/api.ts'
import type { params } from './params.ts'
import { restoreByDialogs } from './dialog-restore.ts'
import { RegistrationDatabase } from './registration-database.ts'
import { RegistrationTable } from './registration.ts'
import { noValues, type RequestValues } from './request.ts'
import { replyRestorer, restoreAlways, watchRequests } from './restore.ts'
import { AUTO, NONE, readMode } from './restore-mode.ts'
import type { needs } from './uac.module.ts'

/** Behind rr's own listeners, before those that look at the restored headers. */
const ROUTE_PRIORITY = 0

export class Uac {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  readonly tm: TmApi
  /** Always there unless restore_mode is none. */
  readonly rr: RecordRouting | null
  /** Where addresses are kept (restore_dlg); null: they travel in Record-Route. */
  readonly dialogs: DialogApi | null
  /** null when dialog is not loaded. */
  readonly calls: DialogApi | null
  readonly mode: number
  readonly registrations: RegistrationTable
  readonly onReply: TransactionCallback
  /** reg_active: registrations are sent. */
  active: boolean
  /** $uac_req(...) */
  request: RequestValues = noValues()
  /** event_route[uac:reply]; null when the config has none. */
  replyRoute: RouteBlock | null = null
  /** null without reg_db_url. */
  database: RegistrationDatabase | null = null

  constructor(env: ModuleEnv<typeof params, typeof needs>) {
    const { config, core, apis } = env
    this.core = core
    this.config = config
    this.tm = apis.tm
    this.rr = apis.rr
    this.mode = readMode(config.restore_mode)
    this.registrations = new RegistrationTable(config.reg_use_domain !== 0)
    this.active = config.reg_active !== 0
    this.onReply = replyRestorer(this)
    if (config.restore_dlg !== 0 && apis.dialog === null)
      throw new BadValue("uac: can't load dialog API", 'restore_dlg needs loadmodule "dialog.so"')
    this.calls = apis.dialog
    this.dialogs = config.restore_dlg !== 0 && this.mode === AUTO ? apis.dialog : null
    if (this.mode !== NONE) this.checkRecordRouting()
  }

  private checkRecordRouting(): void {
    if (this.rr === null) {
      throw new BadValue(
        `uac: restore_mode ${this.config.restore_mode} needs the module rr`,
        'loadmodule "rr.so", or modparam("uac", "restore_mode", "none")',
      )
    }
    if (this.mode === AUTO && !this.rr.appendFromtag) {
      throw new BadValue(
        'uac: restore_mode auto needs the module rr with append_fromtag 1',
        'modparam("rr", "append_fromtag", 1)',
      )
    }
  }

  /** Joins the way of messages; all routes are compiled by now. */
  async start(): Promise<void> {
    const { core, config } = this
    if (config.reg_db_url !== '') this.database = await RegistrationDatabase.open(this)
    core.routes.follow(() => {
      this.replyRoute = core.kemi.event('uac:reply', config.event_callback)
    })
    if (this.mode === NONE) return
    watchRequests(this)
    if (this.dialogs !== null) restoreByDialogs(this.dialogs)
    if (this.mode === AUTO) this.rr!.onRoute(msg => restoreAlways(this, msg), ROUTE_PRIORITY)
  }

  /** Is this node one that registers at others? */
  get registers(): boolean {
    return this.config.reg_contact_addr !== ''
  }

  /** Of a registration that has no delay of its own. */
  randomDelay(): number {
    const { reg_random_delay: most } = this.config
    return most === 0 ? 0 : this.core.random.uint32() % most
  }

  /** The socket `proto:host:port`, default_socket for an empty text; null leaves it to tm. */
  socket(text: string): SocketInfo | null {
    const wanted = text === '' ? this.config.default_socket : text
    if (wanted === '') return null
    const parts = /^(?:([a-z]+):)?(\[[0-9a-f:.]+\]|[^:[\]\s]+)(?::(\d{1,5}))?$/i.exec(wanted)
    const [, proto = '', host = '', port = '0'] = parts ?? []
    const found = this.core.sockets.find(host, Number(port), protoNumber(proto))
    if (found === null) this.core.log.warn('uac', `no socket found to match [${wanted}]`)
    return found
  }
}
