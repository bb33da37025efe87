/**
 * Which nodes a command is meant for: what the command line says, else the environment, else a
 * fleet file, else the local node.
 */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { type FleetFile, FleetError, type FleetNode, readFleet } from './fleet-file.ts'

export interface Target {
  /** --socket: the endpoint of one node. */
  readonly socket?: string | undefined
  /** --fleet: a fleet file. */
  readonly fleet?: string | undefined
  /** --nodes: names, comma separated. */
  readonly nodes?: string | undefined
}
type Environment = Record<string, string | undefined>

export interface Located extends FleetFile {
  /** The file it comes from; null when it is one node without a file. */
  readonly path: string | null
  /** How many nodes the file has, chosen or not. */
  readonly size: number
}

/** The Unix socket on which a node answers, in its run directory. */
export const SOCKET_NAME = 'ohana_rpc.sock'

/** Where fleet files are looked for when none is named, first one wins. */
export function fleetPaths(env: Environment): string[] {
  const config = env.XDG_CONFIG_HOME || join(env.HOME || homedir(), '.config')
  return [join(config, 'ohana', 'fleet.yaml'), '/etc/ohana/fleet.yaml']
}

/** Where the local node's socket may be, first one that exists wins. */
function socketPaths(env: Environment): string[] {
  const runtime = env.XDG_RUNTIME_DIR
  const own = runtime ? [join(runtime, 'ohana'), join(runtime, 'kamailio')] : []
  const folders = [...own, '/run/kamailio', '/var/run/kamailio', '/run/ohana']
  return folders.map(folder => join(folder, SOCKET_NAME))
}

/** Throws FleetError when the choice makes no sense. */
export function locate(target: Target, env: Environment): Located {
  const names = target.nodes?.split(',').filter(name => name !== '')
  if (target.socket !== undefined) return single(target.socket)
  const path = target.fleet ?? (env.OHANA_NODE ? undefined : fleetFromEnvironment(env))
  if (path !== undefined) return fromFile(path, names)
  if (env.OHANA_NODE) return fromEnvironment(env.OHANA_NODE, env)
  if (names !== undefined)
    throw new FleetError('--nodes chooses from a fleet file, and there is none (--fleet FILE)')
  const paths = socketPaths(env)
  return single(paths.find(existsSync) ?? paths[0]!)
}

const fleetFromEnvironment = (env: Environment): string | undefined =>
  env.KAMCTL_FLEET || fleetPaths(env).find(existsSync)

/** OHANA_NODE is an endpoint, or the name of a node of the fleet file. */
function fromEnvironment(value: string, env: Environment): Located {
  const path = fleetFromEnvironment(env)
  const isName = /^[\w.-]+$/.test(value)
  if (!isName) return single(value)
  if (path !== undefined) return fromFile(path, [value])
  throw new FleetError(`OHANA_NODE=${value} names a node, and there is no fleet file that has it`)
}

function fromFile(path: string, names: string[] | undefined): Located {
  const file = readFleet(path)
  const nodes = names === undefined ? file.nodes : names.map(name => chosen(file, name, path))
  return { name: file.name, nodes, path, size: file.nodes.length }
}

function chosen(file: FleetFile, name: string, path: string): FleetNode {
  const node = file.nodes.find(row => row.name === name)
  if (node) return node
  const known = file.nodes.map(row => row.name).join(', ')
  throw new FleetError(`${path} has no node ${name}; it has ${known}`)
}

/** One node without a file: it is called local until it says its own name. */
function single(endpoint: string): Located {
  const isPath = /^[./]/.test(endpoint)
  const node: FleetNode = {
    name: 'local',
    endpoint: isPath ? `unix:${endpoint}` : endpoint,
    environment: 'dev',
  }
  return { name: 'local', nodes: [node], path: null, size: 1 }
}
