/** avp_db_load, avp_db_store and avp_db_delete: AVPs as rows of a database. */
import { avpsOf } from '../../core/avp.ts'
import { cell, type Database, type DbRow, type DbTerm, is } from '../../core/db/api.ts'
import type { Verdict } from '../../core/module/index.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { AttributeArg } from './attribute.ts'
import { type Avpops, chosen, INT_NAME, INT_VALUE } from './avpops.ts'
import type { Scheme } from './scheme.ts'
import { type Owner, type OwnerArg, ownerOf, termsOf } from './owner.ts'

type Running = Verdict | Promise<Verdict>

export function load(
  self: Avpops,
  msg: SipMessage,
  whose: OwnerArg,
  attribute: AttributeArg,
): Running {
  const { database } = self
  const owner = ownerOf(self, msg, whose)
  if (database === null || owner === null) return -1
  if (attribute.scheme === '') return loadRows(self, msg, database, owner, attribute)
  const scheme = self.scheme(attribute.scheme)
  if (scheme !== null) return loadColumn(self, msg, database, owner, attribute, scheme)
  self.error(`scheme <${attribute.scheme}> not found`)
  return -1
}

async function loadRows(
  self: Avpops,
  msg: SipMessage,
  database: Database,
  owner: Owner,
  attribute: AttributeArg,
): Promise<Verdict> {
  const { attribute_column, value_column, type_column } = self.config
  const where = [...termsOf(self, owner, null), ...named(self, msg, attribute)]
  const columns = [attribute_column, value_column, type_column]
  const select = { table: self.tableOf(attribute), columns, where }
  const rows = await rowsOf(self, database, select)
  let added = 0
  for (const row of rows) if (self.add(msg, row, attribute)) added++
  return added > 0 ? 1 : -1
}

async function rowsOf(
  self: Avpops,
  database: Database,
  select: Parameters<Database['query']>[0],
): Promise<readonly DbRow[]> {
  const found = await self.attempt('db_load', database.query(select))
  return found?.rows ?? []
}

/** The attribute itself, where one is named. */
function named(self: Avpops, msg: SipMessage, { name }: AttributeArg): DbTerm[] {
  if (name === null) return []
  return [is(self.config.attribute_column, 'string', String(name(msg) ?? ''))]
}

async function loadColumn(
  self: Avpops,
  msg: SipMessage,
  database: Database,
  owner: Owner,
  attribute: AttributeArg,
  scheme: Scheme,
): Promise<Verdict> {
  const table = scheme.table === '' ? self.config.avp_table : scheme.table
  const select = { table, columns: [scheme.value], where: termsOf(self, owner, scheme) }
  const name = attribute.name?.(msg) ?? null
  if (name === null) return -1
  let added = 0
  for (const [value] of await rowsOf(self, database, select)) {
    const fits = value != null && value !== '' && (!scheme.isNumber || !Number.isNaN(Number(value)))
    if (!fits) {
      self.error("empty or wrong type for 'value' using scheme")
      continue
    }
    avpsOf(msg).push(name, scheme.isNumber ? Number(value) | 0 : String(value))
    added++
  }
  return added > 0 ? 1 : -1
}

export function store(
  self: Avpops,
  msg: SipMessage,
  whose: OwnerArg,
  attribute: AttributeArg,
): Running {
  const { database } = self
  const owner = ownerOf(self, msg, whose)
  const avps = chosen(avpsOf(msg), msg, attribute)
  if (database === null || owner === null || avps.length === 0) return -1
  const { config } = self
  const rows = avps.map(([name, value]) => [
    cell(config.uuid_column, 'string', owner.uuid),
    cell(config.attribute_column, 'string', String(name)),
    cell(config.value_column, 'string', String(value)),
    cell(config.type_column, 'int', bitsOf(typeof name, typeof value)),
    cell(config.username_column, 'string', owner.username),
    cell(config.domain_column, 'string', owner.domain),
  ])
  const table = self.tableOf(attribute)
  const write = async (): Promise<Verdict> => {
    for (const row of rows) await database.insert(table, row)
    return 1
  }
  return self.attempt('insert', write()).then(verdict => verdict ?? -1)
}

const bitsOf = (name: string, value: string): number =>
  (name === 'number' ? INT_NAME : 0) | (value === 'number' ? INT_VALUE : 0)

export function erase(
  self: Avpops,
  msg: SipMessage,
  whose: OwnerArg,
  attribute: AttributeArg,
): Running {
  const { database } = self
  const owner = ownerOf(self, msg, whose)
  if (database === null || owner === null) return -1
  const where = [...termsOf(self, owner, null), ...named(self, msg, attribute)]
  const table = self.tableOf(attribute)
  const work = async (): Promise<Verdict> => {
    for (const terms of ofKind(self, attribute)) await database.delete(table, [...where, ...terms])
    return 1
  }
  return self.attempt('delete', work()).then(verdict => verdict ?? -1)
}

/** The types that a kind of names has; without a kind one delete takes them all. */
function ofKind({ config }: Avpops, { name, kind }: AttributeArg): DbTerm[][] {
  if (name !== null || kind === '*') return [[]]
  const bits = kind === 's' ? 0 : INT_NAME
  return [bits, bits | INT_VALUE].map(type => [is(config.type_column, 'int', type)])
}
