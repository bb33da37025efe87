/** `add`, `passwd`, `rm` ...: the accounts of users. */
import { createHash } from 'node:crypto'
import type { DbCell, DbStatement } from '../../rpc/database.ts'
import type { Fleet } from '../../rpc/fleet/fleet.ts'
import { type Args, type Command, optional, required } from '../command.ts'
import { toBytes } from '../database/bytes.ts'
import { blocksReport, changeReport, rowsReport } from '../database/rows.ts'
import {
  type Session,
  type User,
  exists,
  int,
  select,
  text,
  userOf,
  where,
  whole,
  withDatabase,
} from '../database/session.ts'
import { EXIT, UsageError } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Report } from '../report.ts'

const subscribers = (session: Session): string => session.table('SUB_TABLE', 'subscriber')

/** The cells that say which user. */
export const keyOf = ({ name, domain }: User): DbCell[] => [
  text('username', name),
  text('domain', domain),
]

export const isSubscriber = (session: Session, user: User): Promise<boolean> =>
  exists(session, subscribers(session), ...keyOf(user))

const md5 = (words: string): string =>
  createHash('md5')
    .update(Buffer.from(toBytes(words), 'latin1'))
    .digest('hex')

/** RFC 2617 3.2.2.2: A1; ha1b is Kamailio's for phones that put user@domain into the username. */
function credentials(get: Session['get'], user: User, password: string): DbCell[] {
  const { name, domain } = user
  const plain = get('STORE_PLAINTEXT_PW') === '' || get('STORE_PLAINTEXT_PW') === '1'
  return [
    text('ha1', md5(`${name}:${domain}:${password}`)),
    text('ha1b', md5(`${name}@${domain}:${domain}:${password}`)),
    text('password', plain ? password : ''),
  ]
}

/** Command lines are for everybody on the machine to see, so it may be asked for instead. */
async function passwordOf(io: Io, args: Args): Promise<string> {
  if (args.has('password')) return args.word('password')
  if (!io.canAsk || !args.flag('input')) {
    const usage = `kamctl ${args.command} ${args.word('user')} PASSWORD`
    throw new UsageError(`which password? usage: ${usage}`)
  }
  const password = await io.ask(`Password of ${args.word('user')}: `, true)
  if (password === '') throw new UsageError('an empty password is none')
  return password
}

async function add(io: Io, fleet: Fleet, args: Args): Promise<Report | number> {
  const password = await passwordOf(io, args)
  return withDatabase(io, fleet, args, async session => {
    const word = args.word('user')
    const user = userOf(session, word)
    if (await isSubscriber(session, user)) return refuse(io, `user '${word}' already exists`)
    if (await isAlias(session, fleet, user))
      return refuse(io, `user '${word}' already exists as alias`)
    const row = [...keyOf(user), ...credentials(session.get, user, password)]
    await session.db.run({ do: 'insert', table: subscribers(session), row })
    return done(user, 'added', `new user '${word}' added`)
  })
}

/** ALIASES_TYPE says where aliases are: DB, UL, or nowhere. */
async function isAlias(session: Session, fleet: Fleet, user: User): Promise<boolean> {
  const { name, domain } = user
  const kind = session.get('ALIASES_TYPE')
  if (kind === 'DB') {
    const cells = [text('alias_username', name), text('alias_domain', domain)]
    return exists(session, session.table('DA_TABLE', 'dbaliases'), ...cells)
  }
  if (kind !== 'UL') return false
  const table = session.table('ALS_TABLE', 'aliases')
  const answers = await fleet.each(client => client.raw('ul.lookup', [table, `${name}@${domain}`]))
  return answers.some(answer => answer.ok)
}

const done = (user: User, result: string, sentence: string): Report =>
  changeReport('Subscriber', { username: user.name, domain: user.domain, result }, sentence)

function refuse(io: Io, sentence: string): number {
  io.err(`kamctl: ${sentence}\n`)
  return EXIT.no
}

async function show(io: Io, fleet: Fleet, args: Args): Promise<Report> {
  return withDatabase(io, fleet, args, async session => {
    const user = userOf(session, args.word('user'))
    const found = await session.db.run(select(subscribers(session), where(...keyOf(user))))
    const missing = found.rows.length === 0
    const remarks = missing ? [`non-existent user '${args.word('user')}'`] : []
    const verdict = missing ? EXIT.no : EXIT.ok
    return { ...blocksReport('Subscriber', found), remarks, verdict }
  })
}

async function change(
  io: Io,
  fleet: Fleet,
  args: Args,
  changes: (session: Session, user: User) => DbCell[],
  sentence: string,
): Promise<Report | number> {
  return withDatabase(io, fleet, args, async session => {
    const user = userOf(session, args.word('user'))
    if (!(await isSubscriber(session, user)))
      return refuse(io, `non-existent user '${args.word('user')}'`)
    const table = subscribers(session)
    const cells = changes(session, user)
    await session.db.run({ do: 'update', table, where: where(...keyOf(user)), changes: cells })
    return done(user, 'changed', sentence)
  })
}

async function passwd(io: Io, fleet: Fleet, args: Args): Promise<Report | number> {
  const password = await passwordOf(io, args)
  const cells = ({ get }: Session, user: User): DbCell[] => credentials(get, user, password)
  return change(io, fleet, args, cells, 'password change succeeded')
}

const setText = (io: Io, fleet: Fleet, args: Args): Promise<Report | number> =>
  change(
    io,
    fleet,
    args,
    () => [text(attribute(args), args.word('value'))],
    'attribute change succeeded',
  )

const setNumber = (io: Io, fleet: Fleet, args: Args): Promise<Report | number> =>
  change(
    io,
    fleet,
    args,
    () => [int(attribute(args), whole(args, 'value'))],
    'attribute change succeeded',
  )

/** The name of a column, which goes into a statement as it is. */
function attribute(args: Args): string {
  const name = args.word('attribute')
  if (!/^\w+$/.test(name)) throw new UsageError(`${name} is no column of a table`)
  return name
}

/** With him go his groups, his aliases and, where a node is reached, his contacts. */
async function remove(io: Io, fleet: Fleet, args: Args): Promise<Report | number> {
  return withDatabase(io, fleet, args, async session => {
    const user = userOf(session, args.word('user'))
    if (!(await isSubscriber(session, user)))
      return refuse(io, `non-existent user '${args.word('user')}'`)
    const of = (table: string): DbStatement => ({
      do: 'delete',
      table,
      where: where(...keyOf(user)),
    })
    const tables = [
      session.table('ACL_TABLE', 'grp'),
      session.table('DA_TABLE', 'dbaliases'),
      subscribers(session),
    ]
    await session.db.together(tables.map(of))
    await removeContacts(fleet, session, user)
    return done(user, 'removed', `user '${args.word('user')}' removed`)
  })
}

async function removeContacts(fleet: Fleet, session: Session, user: User): Promise<void> {
  const table = session.table('UL_TABLE', 'location')
  // Which form a node keeps depends on its use_domain; it has none when no phone is registered.
  const forms = [`${user.name}@${user.domain}`, user.name]
  for (const form of forms) await fleet.each(client => client.raw('ul.rm', [table, form]))
}

async function rpidShow(io: Io, fleet: Fleet, args: Args): Promise<Report> {
  return withDatabase(io, fleet, args, async session => {
    const word = args.word('user')
    const terms = word === '' ? [] : where(...keyOf(userOf(session, word)))
    const columns = ['username', 'rpid']
    const found = await session.db.run(select(subscribers(session), terms, { columns }))
    return rowsReport('Subscriber', found)
  })
}

const rpidAdd = (io: Io, fleet: Fleet, args: Args): Promise<Report | number> =>
  change(
    io,
    fleet,
    args,
    () => [text('rpid', args.word('rpid'))],
    `rpid of '${args.word('user')}' set`,
  )

const rpidRemove = (io: Io, fleet: Fleet, args: Args): Promise<Report | number> =>
  change(
    io,
    fleet,
    args,
    () => [{ column: 'rpid', type: 'string', value: null }],
    `rpid of '${args.word('user')}' removed`,
  )

const user = required('user', 'user@domain; the domain may be left out with SIP_DOMAIN')
const password = optional('password', 'as it is typed into the phone; asked for when not given')
const attributeArgument = required('attribute', 'a column of the table')

export const subscriberCommands: readonly Command[] = [
  {
    name: 'add',
    args: [user, password],
    doc: 'Add a subscriber.',
    examples: ['add alice@example.org secret', 'add alice@example.org'],
    run: add,
  },
  {
    name: 'show',
    args: [user],
    doc: 'Show what is on file of a subscriber.',
    examples: ['show alice@example.org', 'show alice@example.org --json'],
    run: show,
  },
  {
    name: 'passwd',
    args: [user, password],
    doc: 'Change the password of a subscriber.',
    examples: ['passwd alice@example.org other'],
    run: passwd,
  },
  {
    name: 'rm',
    args: [user],
    doc: 'Remove a subscriber with his groups, aliases and contacts.',
    examples: ['rm alice@example.org'],
    run: remove,
  },
  {
    name: 'sets',
    args: [user, attributeArgument, required('value', 'a text')],
    doc: 'Set a column of a subscriber to a text.',
    examples: ['sets alice@example.org email_address alice@example.com'],
    run: setText,
  },
  {
    name: 'setn',
    args: [user, attributeArgument, required('value', 'a number')],
    doc: 'Set a column of a subscriber to a number.',
    examples: ['setn alice@example.org credit 10'],
    run: setNumber,
  },
  {
    name: 'rpid show',
    args: [{ ...user, kind: 'optional' }],
    doc: 'Show the Remote-Party-ID of subscribers.',
    examples: ['rpid show alice@example.org'],
    run: rpidShow,
  },
  {
    name: 'rpid add',
    args: [user, required('rpid', 'what to show of him')],
    doc: 'Set the Remote-Party-ID of a subscriber.',
    examples: ['rpid add alice@example.org sip:+4930123@example.org'],
    run: rpidAdd,
  },
  {
    name: 'rpid rm',
    args: [user],
    doc: 'Take the Remote-Party-ID of a subscriber away.',
    examples: ['rpid rm alice@example.org'],
    run: rpidRemove,
  },
]
