/** `uacreg`: the accounts under which nodes register themselves elsewhere. */
import { type Command, optional, required } from '../command.ts'
import { aorOf, int, text, where, whole } from '../database/session.ts'
import {
  RELOAD,
  type TableSpec,
  addRow,
  callRun,
  removeRows,
  showRows,
} from '../database/table-commands.ts'

const accounts: TableSpec = {
  kind: 'Account',
  table: ['UACREG_TABLE', 'uacreg'],
  reload: ['uac.reg_reload', 'uacreg reload'],
}

/** Seconds between two registrations, when nobody says more. */
const EXPIRES = 360

const uuid = required('uuid', 'the name of the account here')

export const uacregCommands: readonly Command[] = [
  {
    name: 'uacreg show',
    args: [],
    doc: 'Show the accounts in the database.',
    examples: ['uacreg show', 'uacreg show --columns l_uuid,r_domain,expires'],
    run: showRows(accounts),
  },
  {
    name: 'uacreg dump',
    args: [],
    doc: 'Show the accounts that nodes have in memory, and whether they are registered.',
    examples: ['uacreg dump'],
    run: callRun('uac.reg_dump'),
  },
  {
    name: 'uacreg add',
    args: [
      uuid,
      required('local', 'user@domain that calls are for when they come from there'),
      required('remote', 'user@domain there'),
      required('auth', 'the user name of its password'),
      required('password', 'the password'),
      required('proxy', 'where to register: sip:host'),
      optional('expires', '360 when not given'),
      optional('realm', 'the domain there when not given'),
    ],
    options: [RELOAD],
    doc: 'Add an account.',
    examples: [
      'uacreg add trunk1 100@example.org 4930123@carrier.example u secret sip:carrier.example',
    ],
    run: addRow(
      accounts,
      (session, args) => {
        const local = aorOf(session, args.word('local'))
        const remote = aorOf(session, args.word('remote'))
        return [
          text('l_uuid', args.word('uuid')),
          text('l_username', local.name),
          text('l_domain', local.domain),
          text('r_username', remote.name),
          text('r_domain', remote.domain),
          text('realm', args.word('realm') || remote.domain),
          text('auth_username', args.word('auth')),
          text('auth_password', args.word('password')),
          text('auth_proxy', args.word('proxy')),
          int('expires', whole(args, 'expires', EXPIRES)),
        ]
      },
      (_, args) => [text('l_uuid', args.word('uuid'))],
    ),
  },
  {
    name: 'uacreg rm',
    args: [uuid],
    options: [RELOAD],
    doc: 'Remove an account.',
    examples: ['uacreg rm trunk1'],
    run: removeRows(accounts, (_, args) => where(text('l_uuid', args.word('uuid')))),
  },
  {
    name: 'uacreg reload',
    args: [],
    doc: 'Have nodes read their accounts again.',
    examples: ['uacreg reload'],
    run: callRun('uac.reg_reload'),
  },
]
