/** `acl`: the groups of a user, which say what he may do. */
import type { Fleet } from '../../rpc/fleet/fleet.ts'
import { type Args, type Command, optional, required, rest } from '../command.ts'
import { rowsReport } from '../database/rows.ts'
import {
  type Session,
  type User,
  now,
  select,
  text,
  userOf,
  where,
  withDatabase,
} from '../database/session.ts'
import { EXIT } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Report } from '../report.ts'
import { isSubscriber, keyOf } from './subscriber.ts'

const groups = (session: Session): string => session.table('ACL_TABLE', 'grp')

async function ofUser(session: Session, user: User | null): Promise<Report> {
  const terms = user === null ? [] : where(...keyOf(user))
  return rowsReport('Group', await session.db.run(select(groups(session), terms)))
}

/** VERIFY_USER: somebody who is no subscriber is asked about. Null: go on, else the exit code. */
async function verify(io: Io, session: Session, args: Args, user: User): Promise<number | null> {
  if (session.get('VERIFY_USER') === '0' || args.flag('yes')) return null
  if (await isSubscriber(session, user)) return null
  const question = `Non-existent user '${args.word('user')}'. Still proceeding? [Y|N] `
  if (!io.canAsk || !args.flag('input')) {
    io.err(`${question}\nnobody to ask: repeat it with --yes\n`)
    return EXIT.cancelled
  }
  return /^y$/i.test((await io.ask(question)).trim()) ? null : EXIT.cancelled
}

async function show(io: Io, fleet: Fleet, args: Args): Promise<Report | number> {
  return withDatabase(io, fleet, args, async session => {
    if (!args.has('user')) return ofUser(session, null)
    const user = userOf(session, args.word('user'))
    return (await verify(io, session, args, user)) ?? ofUser(session, user)
  })
}

const DEFAULT_GROUPS = 'local ld int voicemail free-pstn'

async function grant(io: Io, fleet: Fleet, args: Args): Promise<Report | number> {
  return withDatabase(io, fleet, args, async session => {
    const user = userOf(session, args.word('user'))
    const refusal = await verify(io, session, args, user)
    if (refusal !== null) return refusal
    const known = (session.get('ACL_GROUPS') || DEFAULT_GROUPS).split(/\s+/)
    const any = session.get('VERIFY_ACL') === '0'
    const wanted = args.rest('groups').filter(group => {
      const fine = any || known.includes(group)
      if (!fine) io.err(`Invalid privilege: acl '${group}' ignored; there are ${known.join(' ')}\n`)
      return fine
    })
    if (wanted.length === 0) return EXIT.rejected
    await session.db.together(
      wanted.map(group => ({
        do: 'insert',
        table: groups(session),
        row: [...keyOf(user), text('grp', group), now('last_modified', io)],
      })),
    )
    return ofUser(session, user)
  })
}

async function revoke(io: Io, fleet: Fleet, args: Args): Promise<Report> {
  return withDatabase(io, fleet, args, async session => {
    const user = userOf(session, args.word('user'))
    const group = args.word('group')
    const cells = [...keyOf(user), ...(group === '' ? [] : [text('grp', group)])]
    await session.db.run({ do: 'delete', table: groups(session), where: where(...cells) })
    return ofUser(session, user)
  })
}

const user = required('user', 'user@domain; the domain may be left out with SIP_DOMAIN')
const YES = { flags: '-y, --yes', doc: 'also for a user who is no subscriber' }

export const aclCommands: readonly Command[] = [
  {
    name: 'acl show',
    args: [optional('user', 'user@domain; everybody when not given')],
    options: [YES],
    doc: 'Show who is in which group.',
    examples: ['acl show', 'acl show alice@example.org'],
    run: show,
  },
  {
    name: 'acl grant',
    args: [user, rest('groups', 'groups, of those that ACL_GROUPS in kamctlrc allows')],
    options: [YES],
    doc: 'Put a user into groups.',
    examples: ['acl grant alice@example.org ld int'],
    run: grant,
  },
  {
    name: 'acl revoke',
    args: [user, optional('group', 'this group only')],
    doc: 'Take a user out of a group, or out of all.',
    examples: ['acl revoke alice@example.org int', 'acl revoke alice@example.org'],
    run: revoke,
  },
]
