/** `address` and `trusted`: who may call without a password. */
import { isIP } from 'node:net'
import type { DbOutcome } from '../../rpc/database.ts'
import type { Fleet } from '../../rpc/fleet/fleet.ts'
import { type Args, type Command, optional, required } from '../command.ts'
import { contains } from '../database/network.ts'
import { rowsReport } from '../database/rows.ts'
import { int, select, text, where, whole, withDatabase } from '../database/session.ts'
import {
  RELOAD,
  type TableSpec,
  addRow,
  callRun,
  removeRows,
  showRows,
  tableOf,
} from '../database/table-commands.ts'
import { EXIT, UsageError } from '../exit.ts'
import type { Io } from '../io.ts'
import type { Report } from '../report.ts'

const addresses: TableSpec = {
  kind: 'Address',
  table: ['ADDRESS_TABLE', 'address'],
  reload: ['permissions.addressReload', 'address reload'],
}
const trusted: TableSpec = {
  kind: 'Trusted',
  table: ['TRUSTED_TABLE', 'trusted'],
  reload: ['permissions.trustedReload', 'trusted reload'],
}

const PROTOCOLS = ['any', 'udp', 'tcp', 'tls', 'sctp', 'ws', 'wss', 'none']

function protocol(args: Args): string {
  const word = args.word('proto')
  if (PROTOCOLS.includes(word)) return word
  throw new UsageError(`unknown protocol ${word}; there are ${PROTOCOLS.join(', ')}`)
}

/** Addresses and networks in memory: a node keeps them apart, and says so with two methods. */
async function dump(io: Io, fleet: Fleet, args: Args): Promise<Report> {
  const hosts = await callRun('permissions.addressDump')(io, fleet, args)
  const networks = await callRun('permissions.subnetDump')(io, fleet, args)
  if (typeof hosts === 'number' || typeof networks === 'number') throw new Error('no report')
  return {
    ...hosts,
    items: [...hosts.items, ...networks.items],
    text: [...(hosts.text ?? []), ...(networks.text ?? [])],
  }
}

/** Nodes take no table in which a group is below 1: with such a row they do not start. */
function groupOf(args: Args): number {
  const number = whole(args, 'group')
  if (number > 0) return number
  throw new UsageError(`groups begin with 1: ${number} is none`)
}

/** Nor one in which a network is smaller than an address. */
function maskOf(args: Args): number {
  const word = args.word('address')
  const bits = word.includes(':') ? 128 : 32
  const mask = whole(args, 'mask', bits)
  if (mask >= 0 && mask <= bits) return mask
  throw new UsageError(`a mask of ${mask} bits does not go with ${word}`)
}

/** Which rows an address matches: the question behind allow_address. */
async function test(io: Io, fleet: Fleet, args: Args): Promise<Report> {
  const address = args.word('address')
  if (isIP(address) === 0) throw new UsageError(`${address} is no IP address`)
  const group = whole(args, 'group', -1)
  const port = whole(args, 'port', 0)
  return withDatabase(io, fleet, args, async session => {
    const terms = group < 0 ? [] : where(int('grp', group))
    const order = { order: 'id' }
    const found = await session.db.run(select(tableOf(session, addresses), terms, order))
    const rows = matching(found, address, port)
    const remarks = rows.length === 0 ? [`no row has ${address}`] : []
    const verdict = rows.length === 0 ? EXIT.no : EXIT.ok
    return rowsReport('Address', { ...found, rows }, { remarks, verdict })
  })
}

/** Port 0 of a row is any port. */
function matching({ columns, rows }: DbOutcome, address: string, port: number): DbOutcome['rows'] {
  const at = (name: string): number => columns.findIndex(column => column.name === name)
  const [network, mask, ofRow] = [at('ip_addr'), at('mask'), at('port')]
  return rows.filter(row => {
    const portOfRow = Number(row[ofRow])
    const fits = port === 0 || portOfRow === 0 || portOfRow === port
    return fits && contains(String(row[network]), Number(row[mask]), address)
  })
}

const group = required('group', 'the number that the config asks for')
const address = required('address', 'an address, or the first of a network')
const source = required('source', 'the address of the peer')

export const permissionsCommands: readonly Command[] = [
  {
    name: 'address show',
    args: [],
    doc: 'Show the addresses and networks in the database.',
    examples: ['address show'],
    run: showRows(addresses),
  },
  {
    name: 'address dump',
    args: [],
    doc: 'Show the addresses and networks that nodes have in memory.',
    examples: ['address dump'],
    run: dump,
  },
  {
    name: 'address add',
    args: [
      group,
      address,
      optional('mask', 'bits of the network; when not given the address alone'),
      optional('port', 'any when not given'),
      optional('tag', 'a text for the config'),
    ],
    options: [RELOAD],
    doc: 'Add an address or a network to a group.',
    examples: ['address add 1 192.0.2.0 24 0 carrier', 'address add 1 192.0.2.7 --reload'],
    run: addRow(addresses, (_, args) => [
      int('grp', groupOf(args)),
      text('ip_addr', args.word('address')),
      int('mask', maskOf(args)),
      int('port', whole(args, 'port', 0)),
      text('tag', args.word('tag')),
    ]),
  },
  {
    name: 'address rm',
    args: [group, address],
    options: [RELOAD],
    doc: 'Remove an address or network from a group.',
    examples: ['address rm 1 192.0.2.0'],
    run: removeRows(addresses, (_, args) =>
      where(int('grp', whole(args, 'group')), text('ip_addr', args.word('address'))),
    ),
  },
  {
    name: 'address test',
    args: [
      required('address', 'an IP address'),
      optional('group', 'only this group'),
      optional('port', 'only rows for this port'),
    ],
    doc: 'Show the rows of the database that an address matches.',
    examples: ['address test 192.0.2.7', 'address test 192.0.2.7 1 5060'],
    run: test,
  },
  {
    name: 'address reload',
    args: [],
    doc: 'Have nodes read the table again.',
    examples: ['address reload'],
    run: callRun('permissions.addressReload'),
  },
  {
    name: 'trusted show',
    args: [],
    doc: 'Show the trusted peers in the database.',
    examples: ['trusted show'],
    run: showRows(trusted),
  },
  {
    name: 'trusted dump',
    args: [],
    doc: 'Show the trusted peers that nodes have in memory.',
    examples: ['trusted dump'],
    run: callRun('permissions.trustedDump'),
  },
  {
    name: 'trusted add',
    args: [
      source,
      required('proto', 'of its requests', PROTOCOLS),
      optional('pattern', 'regular expression for the From URI'),
      optional('tag', 'a text for the config'),
    ],
    options: [RELOAD],
    doc: 'Trust a peer.',
    examples: ["trusted add 192.0.2.7 udp '^sip:.*@example\\.org$' carrier"],
    run: addRow(
      trusted,
      (_, args) => [
        text('src_ip', args.word('source')),
        text('proto', protocol(args)),
        text('from_pattern', args.word('pattern')),
        text('tag', args.word('tag')),
      ],
      (_, args) => [text('src_ip', args.word('source'))],
    ),
  },
  {
    name: 'trusted rm',
    args: [source],
    options: [RELOAD],
    doc: 'Remove all rows of a peer.',
    examples: ['trusted rm 192.0.2.7'],
    run: removeRows(trusted, (_, args) => where(text('src_ip', args.word('source')))),
  },
  {
    name: 'trusted reload',
    args: [],
    doc: 'Have nodes read the table again.',
    examples: ['trusted reload'],
    run: callRun('permissions.trustedReload'),
  },
]
