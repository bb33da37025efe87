/** `domain`: the domains that nodes serve. */
import { type Command, required } from '../command.ts'
import { int, now, text, where, whole } from '../database/session.ts'
import {
  RELOAD,
  type TableSpec,
  addRow,
  callRun,
  removeRows,
  showRows,
} from '../database/table-commands.ts'

const domains: TableSpec = {
  kind: 'Domain',
  table: ['DOMAIN_TABLE', 'domain'],
  reload: ['domain.reload', 'domain reload'],
}
const uidDomains: TableSpec = {
  kind: 'UidDomain',
  table: ['UID_DOMAIN_TABLE', 'uid_domain'],
  reload: ['domain.reload', 'domain reload'],
}

/** Loaded by the server, canonical, for web tools: flags of a row that nobody said more about. */
const USUAL_FLAGS = 1 | 4 | 32

const domain = required('domain', 'its name')

export const domainCommands: readonly Command[] = [
  {
    name: 'domain show',
    args: [],
    doc: 'Show the domains that nodes have in memory.',
    examples: ['domain show'],
    run: callRun('domain.dump'),
  },
  {
    name: 'domain showdb',
    args: [],
    doc: 'Show the domains in the database.',
    examples: ['domain showdb'],
    run: showRows(domains),
  },
  {
    name: 'domain add',
    args: [domain],
    options: [RELOAD],
    doc: 'Add a domain to the database.',
    examples: ['domain add example.org --reload'],
    run: addRow(
      domains,
      (_, args, io) => [text('domain', args.word('domain')), now('last_modified', io)],
      (_, args) => [text('domain', args.word('domain'))],
    ),
  },
  {
    name: 'domain rm',
    args: [domain],
    options: [RELOAD],
    doc: 'Remove a domain from the database.',
    examples: ['domain rm example.org'],
    run: removeRows(domains, (_, args) => where(text('domain', args.word('domain')))),
  },
  {
    name: 'domain reload',
    args: [],
    doc: 'Have nodes read their domains again.',
    examples: ['domain reload'],
    run: callRun('domain.reload'),
  },
  {
    name: 'uid_domain showdb',
    args: [],
    doc: 'Show the domains by id in the database.',
    examples: ['uid_domain showdb'],
    run: showRows(uidDomains),
  },
  {
    name: 'uid_domain add',
    args: [
      domain,
      { name: 'did', doc: 'its id; the domain itself when not given', kind: 'optional' },
      { name: 'flags', doc: 'a number; what rows usually have when not given', kind: 'optional' },
    ],
    doc: 'Add a domain by id.',
    examples: ['uid_domain add example.org customer1'],
    run: addRow(
      uidDomains,
      (_, args) => [
        text('did', args.word('did') || args.word('domain')),
        text('domain', args.word('domain')),
        int('flags', whole(args, 'flags', USUAL_FLAGS)),
      ],
      (_, args) => [text('domain', args.word('domain'))],
    ),
  },
  {
    name: 'uid_domain rm',
    args: [domain],
    doc: 'Remove a domain by id.',
    examples: ['uid_domain rm example.org'],
    run: removeRows(uidDomains, (_, args) => where(text('domain', args.word('domain')))),
  },
]
