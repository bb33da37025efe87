/** The instance of avpops: its database, and how AVPs are rows there. */
import { type AvpName, type AvpStore, type AvpValue, avpsOf } from '../../core/avp.ts'
import type { Core } from '../../core/core.ts'
import { type Database, DbError, type DbRow } from '../../core/db/api.ts'
import { connected } from '../../core/db/connected.ts'
import { BadValue, type ConfigOf, type ModuleEnv } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import { isKind } from './avp-name.ts'
import type { AttributeArg } from './attribute.ts'
import type { params } from './avpops.module.ts'
import type { Scheme } from './scheme.ts'

/** Bits of the column `type`. */
export const INT_VALUE = 1
export const INT_NAME = 2

export class Avpops {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  private opened: Database | null = null

  constructor({ core, config }: ModuleEnv<typeof params, {}>) {
    this.core = core
    this.config = config
    if (config.db_url !== '' && config.avp_table === '')
      throw new BadValue('avpops: "AVP_DB" present but "AVP_TABLE" found empty', 'set avp_table')
  }

  async start(): Promise<void> {
    const { db_url } = this.config
    if (db_url !== '') this.opened = await connected(this.core, db_url, 'avpops')
  }

  error(text: string): void {
    this.core.log.error('avpops', text)
  }

  /** null, and the log says so, when there is no db_url. */
  get database(): Database | null {
    if (this.opened === null)
      this.error('you have to configure a db_url for using avp_db_xxx functions')
    return this.opened
  }

  /** What `work` gives; null, and the log says why, when the database refuses. */
  async attempt<T>(what: string, work: Promise<T>): Promise<T | null> {
    try {
      return await work
    } catch (error) {
      if (!(error instanceof DbError)) throw error
      this.error(`${what} failed: ${error.message}`)
      return null
    }
  }

  tableOf({ table }: AttributeArg): string {
    return table === '' ? this.config.avp_table : table
  }

  scheme(name: string): Scheme | null {
    return this.config.db_scheme.find(one => one.name === name) ?? null
  }

  /** Adds the AVP of a row; false, and the log says why, when it is none of those wanted. */
  add(msg: SipMessage, [attribute, value, type]: DbRow, wanted: AttributeArg): boolean {
    if (attribute == null || value == null || type == null) {
      this.error('dbrow contains NULL fields')
      return false
    }
    const bits = Number(type)
    const kind = (bits & INT_NAME) === 0 ? 's' : 'i'
    if (wanted.kind !== '*' && wanted.kind !== kind) return false
    const name = this.nameOf(String(attribute), kind)
    const made = (bits & INT_VALUE) === 0 ? String(value) : this.numberOf(String(value))
    if (name === null || made === null) return false
    const asked = wanted.name?.(msg) ?? name
    if (asked !== name) return false
    avpsOf(msg).push(name, made)
    return true
  }

  private nameOf(text: string, kind: 's' | 'i'): AvpName | null {
    if (text === '') this.error('NULL or EMPTY NAME AVP!')
    else if (kind === 's') return text
    else if (/^\d+$/.test(text)) return Number(text)
    else this.error(`name is not ID as flags say <${text}>`)
    return null
  }

  private numberOf(text: string): number | null {
    if (/^[+-]?\d+$/.test(text)) return Number(text) | 0
    this.error(`value is not int as flags say <${text}>`)
    return null
  }
}

/** AVPs to be written: of one name or of a kind of names, the newest first. */
export function chosen(
  avps: AvpStore,
  msg: SipMessage,
  { name, kind }: AttributeArg,
): [AvpName, AvpValue][] {
  const known = name?.(msg)
  const kinds = (): AvpName[] =>
    avps
      .names()
      .filter(one => kind === '*' || isKind(one, kind))
      .toReversed()
  const names = name === null ? kinds() : [known ?? null]
  return names.flatMap(one =>
    one === null ? [] : avps.all(one).map((value): [AvpName, AvpValue] => [one, value]),
  )
}
