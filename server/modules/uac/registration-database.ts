/** Registrations in a database (reg_db_url): loaded at the start, and again on demand. */
import { type Database, type DbRow, type DbValue, is } from '../../core/db/api.ts'
import { connected } from '../../core/db/connected.ts'
import { LoadedTable, type Loading } from '../../core/db/loaded-table.ts'
import { uacreg } from '../../core/db/tables/uac.ts'
import { BadValue } from '../../core/module/index.ts'
import { nowSeconds } from './register.ts'
import { type Account, whyBadSecret, Registration } from './registration.ts'
import type { Uac } from './uac.ts'

const COLUMNS = [
  ...['l_uuid', 'l_username', 'l_domain', 'r_username', 'r_domain', 'realm', 'auth_username'],
  ...['auth_password', 'auth_ha1', 'auth_proxy', 'expires', 'flags', 'reg_delay'],
  ...['contact_addr', 'socket'],
] as const
/** Those that Kamailio wants to have a value. */
const FILLED = [0, 1, 2, 3, 4, 6, 9]

const text = (value: DbValue | undefined): string => (value == null ? '' : String(value))

/** Throws BadValue in Kamailio's words. */
function accountOf(self: Uac, row: DbRow): Account {
  for (const i of FILLED)
    if (text(row[i]) === '')
      throw new BadValue(`empty value not allowed for column[${i}]='${COLUMNS[i]}'`)
  const [uuid, localUser, localDomain, remoteUser, remoteDomain, realm, authUser] = row.map(text)
  const [password, ha1, proxy] = row.slice(7).map(text)
  const [expires, flags, delay] = row.slice(10).map(Number)
  const bad = whyBadSecret(password!, ha1!)
  if (bad !== null) throw new BadValue(bad)
  return {
    uuid: uuid!,
    localUser: localUser!,
    localDomain: localDomain!,
    remoteUser: remoteUser!,
    remoteDomain: remoteDomain!,
    realm: realm!,
    authUser: authUser!,
    password: password!,
    ha1: ha1!,
    proxy: proxy!,
    expires: expires!,
    flags: flags!,
    delay: delay!,
    socketName: text(row[14]),
    contactAddress: text(row[13]) || self.config.reg_contact_addr,
  }
}

export class RegistrationDatabase {
  private readonly self: Uac
  private readonly db: Database
  private readonly table: LoadedTable<readonly Account[]>

  private constructor(self: Uac, db: Database) {
    this.self = self
    this.db = db
    this.table = new LoadedTable<readonly Account[]>(self.core, {
      module: 'uac',
      name: self.config.reg_db_table,
      source: db.shownUrl,
      empty: [],
      build: load => this.build(load),
    })
  }

  /** For the start; rejects with the sentence for the operator. */
  static async open(self: Uac): Promise<RegistrationDatabase> {
    const { core, config } = self
    if (config.reg_contact_addr === '') throw new BadValue('uac: contact address parameter not set')
    const db = await connected(core, config.reg_db_url, 'uac', [config.reg_db_table, uacreg])
    const database = new RegistrationDatabase(self, db)
    await database.load('start')
    return database
  }

  /** What the table says takes the place of all registrations; what did not change goes on. */
  async load(by: string): Promise<void> {
    await this.table.load(by)
    const { registrations } = this.self
    const wanted = new Map(this.table.current.map(account => [account.uuid, account]))
    for (const { account } of registrations.all())
      if (!isSame(account, wanted.get(account.uuid))) registrations.remove(account.uuid)
    for (const account of wanted.values())
      if (registrations.find(account.uuid) === null) this.add(account)
  }

  /** Reads one anew: false when it is not there; rejects when it cannot be read. */
  async refresh(uuid: string): Promise<boolean> {
    const where = [is('l_uuid', 'string', uuid)]
    const { rows } = await this.db.query({
      table: this.self.config.reg_db_table,
      columns: COLUMNS,
      where,
    })
    const [row] = rows
    if (row === undefined) return false
    const account = accountOf(this.self, row)
    this.self.registrations.remove(uuid)
    this.add(account)
    return true
  }

  private add(account: Account): void {
    const { self } = this
    const delay = account.delay > 0 ? account.delay : self.randomDelay()
    const made = { ...account, delay }
    const socket = self.socket(account.socketName)
    self.registrations.add(new Registration(made, socket, nowSeconds(self)))
  }

  /** A row that is wrong is left out, as in Kamailio: the others are to be registered. */
  private async build(load: Loading): Promise<Account[]> {
    const { self, db } = this
    const accounts: Account[] = []
    const select = { table: self.config.reg_db_table, columns: COLUMNS, where: [] }
    for await (const row of load.rows(db, select)) {
      try {
        accounts.push(accountOf(self, row))
      } catch (error) {
        const why = (error as Error).message
        self.core.log.error('uac', `${load.at}: ${why} - ignoring record`)
      }
    }
    return accounts
  }
}

/** The delay may have been drawn at random. */
const isSame = (now: Account, then: Account | undefined): boolean =>
  then !== undefined &&
  (Object.keys(then) as (keyof Account)[]).every(
    key => (key === 'delay' && then.delay <= 0) || now[key] === then[key],
  )
