/** `srv`: what a node listens on, loads and offers. */
import type { Fleet } from '../../rpc/fleet/fleet.ts'
import type { Command } from '../command.ts'
import type { Io } from '../io.ts'
import { type Report, column, itemsOf, rightColumn } from '../report.ts'

async function sockets(_io: Io, fleet: Fleet): Promise<Report> {
  const answers = await fleet.ask('core.sockets_list')
  return {
    kind: 'Socket',
    columns: [
      column('proto', 'proto'),
      column('address', 'address'),
      rightColumn('port', 'port'),
      column('mcast', 'mcast'),
      column('mhomed', 'mhomed'),
      column('virtual', 'virtual'),
    ],
    items: itemsOf(answers, rows => rows.map(({ socket }) => socket)),
    answers,
    name: 'address',
  }
}

async function aliases(_io: Io, fleet: Fleet): Promise<Report> {
  const answers = await fleet.ask('core.aliases_list')
  return {
    kind: 'Alias',
    columns: [column('proto', 'proto'), column('address', 'address'), rightColumn('port', 'port')],
    items: itemsOf(answers, reply => reply.aliases.map(({ alias }) => alias)),
    answers,
    name: 'address',
  }
}

async function modules(_io: Io, fleet: Fleet): Promise<Report> {
  const answers = await fleet.ask('core.modules')
  return {
    kind: 'Module',
    columns: [column('module', 'module')],
    items: itemsOf(answers, names => names.map(module => ({ module }))),
    answers,
    name: 'module',
  }
}

async function version(_io: Io, fleet: Fleet): Promise<Report> {
  const answers = await fleet.ask('core.version')
  return {
    kind: 'Version',
    columns: [column('version', 'version')],
    items: itemsOf(answers, text => [{ version: text }]),
    answers,
    name: 'version',
  }
}

async function methods(_io: Io, fleet: Fleet): Promise<Report> {
  const answers = await fleet.ask('system.listMethods')
  return {
    kind: 'Method',
    columns: [column('method', 'method')],
    items: itemsOf(answers, names => names.map(method => ({ method }))),
    answers,
    name: 'method',
  }
}

export const srvCommands: readonly Command[] = [
  {
    name: 'srv sockets',
    args: [],
    doc: 'Show the sockets that a node listens on.',
    examples: ['srv sockets'],
    run: sockets,
  },
  {
    name: 'srv aliases',
    args: [],
    doc: 'Show the names that a node takes for its own.',
    examples: ['srv aliases'],
    run: aliases,
  },
  {
    name: 'srv modules',
    args: [],
    doc: 'Show the modules that are loaded.',
    examples: ['srv modules'],
    run: modules,
  },
  {
    name: 'srv version',
    args: [],
    doc: 'Show the version string of each node.',
    examples: ['srv version'],
    run: version,
  },
  {
    name: 'srv rpclist',
    args: [],
    doc: 'Show every RPC method of each node.',
    examples: ['srv rpclist', 'srv rpclist -o name --nodes n1'],
    run: methods,
  },
]
