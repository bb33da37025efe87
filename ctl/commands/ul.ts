/** `ul`: who is registered, and where. */
import type { Client } from '../../rpc/client/client.ts'
import type { Result } from '../../rpc/contract/index.ts'
import { Fault } from '../../rpc/faults.ts'
import type { Answer, Fleet } from '../../rpc/fleet/fleet.ts'
import { type Args, type Command, optional, required } from '../command.ts'
import { confirm } from '../confirm.ts'
import { readSettings } from '../database/rc.ts'
import { changeReport } from '../database/rows.ts'
import { whole, withDatabase } from '../database/session.ts'
import { EXIT, UsageError } from '../exit.ts'
import type { Io } from '../io.ts'
import { type Column, type Report, column, itemsOf, rightColumn, wideColumn } from '../report.ts'

/** The table in which registrar keeps aliases. */
const ALIASES = 'aliases'

type Contacts = Result<'ul.lookup'>['Contacts']

const TABLE_OPTION = { flags: '--table <name>', doc: 'the location table (default: location)' }
const tableOf = (args: Args, fallback = 'location'): string => args.option('table') ?? fallback

const COLUMNS: readonly Column[] = [
  column('aor', 'aor'),
  column('contact', 'contact'),
  rightColumn('expires', 'expires'),
  rightColumn('q', 'q', value => (Number(value) < 0 ? '-' : Number(value).toFixed(2))),
  column('user-agent', 'userAgent'),
  wideColumn('received', 'received'),
  wideColumn('path', 'path'),
  wideColumn('socket', 'socket'),
  wideColumn('state', 'state'),
  wideColumn('call-id', 'callId'),
  wideColumn('cseq', 'cseq'),
  wideColumn('flags', 'flags'),
  wideColumn('cflags', 'cflags'),
  wideColumn('methods', 'methods'),
  wideColumn('instance', 'instance'),
  wideColumn('reg-id', 'regId'),
  wideColumn('ruid', 'ruid'),
  wideColumn('last-modified', 'lastModified'),
]

/** Kamailio's names as members of our rows. `[not set]` is how Kamailio writes nothing. */
function contactRows(aor: string, contacts: Contacts): Readonly<Record<string, unknown>>[] {
  const set = (text: string): string => (text === '[not set]' ? '' : text)
  return contacts.map(({ Contact: contact }) => ({
    aor,
    contact: contact.Address,
    expires: contact.Expires,
    q: contact.Q,
    userAgent: set(contact['User-Agent']),
    received: set(contact.Received),
    path: set(contact.Path),
    socket: set(contact.Socket),
    state: contact.State,
    callId: contact['Call-ID'],
    cseq: contact.CSeq,
    flags: contact.Flags,
    cflags: contact.CFlags,
    methods: contact.Methods,
    instance: set(contact.Instance),
    regId: contact['Reg-Id'],
    ruid: contact.Ruid,
    lastModified: contact['Last-Modified'],
  }))
}

export const notFound = (error: unknown): boolean =>
  error instanceof Fault && (error.code === 404 || /\bnot found\b/i.test(error.message))

/** What a node with use_domain says of a user without one. */
const wantsDomain = (error: unknown): boolean =>
  error instanceof Fault && error.message === 'Domain missing in AOR'

/** `sip:alice@example.org`, `alice@example.org`, `alice`. */
const aorOf = (text: string): string => text.replace(/^sips?:/, '')

/** With the domain of kamctlrc, where one is set and the user has none. */
function withDomain(io: Io, aor: string): string {
  const domain = aor.includes('@') ? '' : readSettings(io.env)('SIP_DOMAIN')
  return domain === '' ? aor : `${aor}@${domain}`
}

/**
 * Which form the node keeps depends on use_domain: as typed first, then without the domain, or with
 * that of kamctlrc.
 */
async function lookUp(
  io: Io,
  client: Client,
  table: string,
  user: string,
): Promise<{ aor: string; contacts: Contacts }> {
  const forms = [...new Set([user, user.replace(/@.*$/, ''), withDomain(io, user)])]
  for (const form of forms)
    try {
      const found = await client.call('ul.lookup', table, form)
      return { aor: found.AoR, contacts: found.Contacts }
    } catch (error) {
      if (!notFound(error) && !wantsDomain(error)) throw error
    }
  return { aor: user, contacts: [] }
}

async function show(io: Io, fleet: Fleet, args: Args, fallback?: string): Promise<Report> {
  const table = tableOf(args, fallback)
  if (args.flag('brief')) return showBrief(fleet, table)
  const report = { kind: 'Contact', columns: COLUMNS, name: 'aor' }
  if (!args.has('user')) {
    const answers = await fleet.ask('ul.dump')
    const items = itemsOf(answers, dump => dumpRows(dump, table))
    return { ...report, items, answers }
  }
  const user = aorOf(args.word('user'))
  const answers = await fleet.each(client => lookUp(io, client, table, user))
  const items = itemsOf(answers, ({ aor, contacts }) => contactRows(aor, contacts))
  const found = items.length > 0
  const remarks = found ? [] : [`${user} is not registered`]
  return { ...report, items, answers, remarks, verdict: found ? EXIT.ok : EXIT.no }
}

function dumpRows(dump: Result<'ul.dump'>, table: string): Readonly<Record<string, unknown>>[] {
  const domain = dump.Domains.find(({ Domain }) => Domain.Domain === table)?.Domain
  return (domain?.AoRs ?? []).flatMap(row =>
    'Info' in row ? contactRows(row.Info.AoR, row.Info.Contacts) : [],
  )
}

async function showBrief(fleet: Fleet, table: string): Promise<Report> {
  const answers = await fleet.ask('ul.dump', 'brief')
  const items = itemsOf(answers, dump => {
    const domain = dump.Domains.find(({ Domain }) => Domain.Domain === table)?.Domain
    return (domain?.AoRs ?? []).map(row => ({ aor: 'AoR' in row ? row.AoR : row.Info.AoR }))
  })
  return { kind: 'AoR', columns: [column('aor', 'aor')], items, answers, name: 'aor' }
}

/** What Kamailio's kamctl passes for a contact that nobody registered. */
const ANY_METHOD = 4294967295
const NO_PATH = '.'

async function add(io: Io, fleet: Fleet, args: Args, fallback?: string): Promise<Report> {
  if (fleet.nodes.length > 1)
    throw new UsageError('a contact is added on one node: name it with --nodes')
  const expires = Number(args.word('expires') || 0)
  if (!Number.isInteger(expires) || expires < 0)
    throw new UsageError('expires is a number of seconds; 0 is permanent')
  const aor = withDomain(io, aorOf(args.word('user')))
  const contact = args.word('uri')
  const path = args.word('path') || NO_PATH
  const answers = await fleet.each(async client => {
    const table = tableOf(args, fallback)
    await client.call('ul.add', table, aor, contact, expires, 1, path, 0, 0, ANY_METHOD)
    return [{ aor, contact, expires: expires === 0 ? 'permanent' : expires }]
  })
  return changed(answers, 'added')
}

async function remove(
  io: Io,
  fleet: Fleet,
  args: Args,
  fallback?: string,
): Promise<Report | number> {
  const aor = aorOf(args.word('user'))
  const contact = args.word('uri')
  const what = contact === '' ? `all contacts of ${aor}` : `contact ${contact} of ${aor}`
  const refusal = await confirm(io, fleet, args, `remove ${what}`)
  if (refusal !== null) return refusal
  const answers = await fleet.each(client =>
    removeFrom(io, client, tableOf(args, fallback), aor, contact),
  )
  const report = changed(answers, 'removed')
  if (report.items.length > 0) return report
  const missing = contact === '' ? 'is not registered' : `has no contact ${contact}`
  return { ...report, verdict: EXIT.no, remarks: [`${aor} ${missing}`] }
}

async function removeFrom(io: Io, client: Client, table: string, user: string, contact: string) {
  const found = await lookUp(io, client, table, user)
  if (found.contacts.length === 0) return []
  if (contact === '') {
    await client.call('ul.rm', table, found.aor)
    return contactRows(found.aor, found.contacts)
  }
  try {
    await client.call('ul.rm_contact', table, found.aor, contact)
    return [{ aor: found.aor, contact }]
  } catch (error) {
    if (notFound(error)) return []
    throw error
  }
}

function changed(
  answers: Answer<readonly Readonly<Record<string, unknown>>[]>[],
  result: string,
): Report {
  const items = itemsOf(answers, rows => rows.map(row => ({ ...row, result })))
  const columns = [column('aor', 'aor'), column('contact', 'contact'), column('result', 'result')]
  return { kind: 'Contact', columns, items, answers, name: 'contact' }
}

/** Contacts that ran out this many seconds ago are of no use to anybody. */
const STALE = 3600
/** Permanent contacts have the beginning of time there. */
const FIRST_DAY = 86_400

/** Rows of nodes that are no more: a node that lives removes its own. */
async function dbclean(io: Io, fleet: Fleet, args: Args): Promise<Report> {
  return withDatabase(io, fleet, args, async session => {
    const table = args.option('table') ?? session.table('UL_TABLE', 'location')
    const before = Math.floor(io.now() / 1000) - whole(args, 'seconds', STALE)
    const expires = { column: 'expires', type: 'datetime' } as const
    const where = [
      { ...expires, op: '<', value: before },
      { ...expires, op: '>', value: FIRST_DAY },
    ] as const
    const { affected } = await session.db.run({ do: 'delete', table, where })
    const sentence = `${affected} row${affected === 1 ? '' : 's'} removed (${table})`
    return changeReport('Contact', { table, removed: affected }, sentence)
  })
}

const user = required('user', 'user or address of record', 'aor')
const YES = { flags: '-y, --yes', doc: 'answer the question of a production fleet beforehand' }

export const ulCommands: readonly Command[] = [
  {
    name: 'ul show',
    args: [optional('user', 'user or address of record; all when not given', 'aor')],
    options: [TABLE_OPTION, { flags: '-b, --brief', doc: 'addresses of record only' }],
    doc: 'Show who is registered where.',
    examples: ['ul show', 'ul show alice', 'ul show -o wide', 'ul show alice --nodes n1,n2'],
    run: (io, fleet, args) => show(io, fleet, args),
  },
  {
    name: 'ul add',
    args: [
      user,
      required('uri', 'contact URI'),
      optional('expires', 'seconds; permanent when not given'),
      optional('path', 'Path to reach it by'),
    ],
    options: [TABLE_OPTION],
    doc: 'Add a contact by hand, on one node.',
    examples: ['ul add alice sip:alice@192.0.2.7', 'ul add alice sip:alice@192.0.2.7 600'],
    run: (io, fleet, args) => add(io, fleet, args),
  },
  {
    name: 'ul rm',
    args: [user, optional('uri', 'this contact only')],
    options: [TABLE_OPTION, YES],
    doc: 'Remove the contacts of a user wherever they are, or one of them.',
    examples: ['ul rm alice', 'ul rm alice sip:alice@192.0.2.7'],
    run: (io, fleet, args) => remove(io, fleet, args),
  },
  {
    name: 'ul dbclean',
    args: [optional('seconds', 'how long ago they ran out; 3600 when not given')],
    options: [TABLE_OPTION],
    doc: 'Remove contacts from the database that ran out long ago.',
    examples: ['ul dbclean', 'ul dbclean 86400'],
    run: dbclean,
  },
  {
    name: 'alias show',
    args: [optional('user', 'an alias; all when not given')],
    doc: 'Show the aliases that nodes have in memory.',
    examples: ['alias show', 'alias show 100'],
    run: (io, fleet, args) => show(io, fleet, args, ALIASES),
  },
  {
    name: 'alias add',
    args: [required('user', 'the alias'), required('uri', 'for whom it stands')],
    doc: 'Add an alias in the memory of a node.',
    examples: ['alias add 100 sip:alice@example.org'],
    run: (io, fleet, args) => add(io, fleet, args, ALIASES),
  },
  {
    name: 'alias rm',
    args: [required('user', 'the alias'), optional('uri', 'only this one')],
    options: [YES],
    doc: 'Remove an alias from the memory of nodes.',
    examples: ['alias rm 100'],
    run: (io, fleet, args) => remove(io, fleet, args, ALIASES),
  },
]
