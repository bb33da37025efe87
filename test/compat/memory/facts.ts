// Facts about the modules that keep something between messages or work on texts: steps, one after
// the other, each a route that is run for a message, or a command by RPC. Later steps see what
// earlier ones left behind.
import { join } from 'node:path'
import { SERVER_PORT } from '../../kit/bench-ports.ts'
import { select } from '../pv/facts.ts'

export const FOLDER = import.meta.dirname
export const RPC_PORT = 25079

/** Those whose functions scripts in real languages have, too. */
export const KEMI_MODULES = [
  'htable',
  'cfgutils',
  'statistics',
  'mqueue',
  'rtimer',
  'sdpops',
  'regex',
  'ipops',
  'json',
  'jansson',
]

/** Where we differ on purpose: what we give, and why. */
interface Differing<T> {
  ours?: T
  why?: string
}

/** What an expression is after some statements: int, str or null as typeof() says, and its text. */
export interface Value {
  type: string
  value: string
}

export interface ScriptStep extends Value, Differing<Value> {
  /** Name of a file in ../pv/messages; plain when left out. */
  message?: string
  before?: string[]
  expression: string
}

/** The result, or the error with code and text. */
export type Reply = { result: unknown } | { error: { code: number; message: string } }

export interface RpcStep extends Differing<Reply> {
  rpc: string
  params?: unknown[]
  reply: Reply
}

export type Step = ScriptStep | RpcStep

export interface Facts {
  origin: string
  modules: string[]
  params: [module: string, name: string, value: string | number][]
  /** Blocks beside those of the steps. */
  routes?: string[]
  steps: Step[]
}

/** `{folder}` in a parameter is this folder. */
const withFolder = (text: string): string => text.replaceAll('{folder}', join(FOLDER, 'files'))

/** One route for each step that runs a script. */
export function config(facts: Facts, head: string[] = []): string {
  const lines = ['debug=0', 'log_stderror=yes', 'fork=yes', 'children=1', 'auto_aliases=no']
  lines.push(`listen=udp:127.0.0.1:${SERVER_PORT}`, 'alias="example.org"', 'server_id=7', ...head)
  for (const name of ['pv', 'xlog', 'kex', ...facts.modules]) lines.push(`loadmodule "${name}.so"`)
  for (const [module, name, value] of facts.params) {
    const text = typeof value === 'number' ? value : JSON.stringify(withFolder(value))
    lines.push(`modparam("${module}", "${name}", ${text})`)
  }
  lines.push('request_route {')
  lines.push('  if ($rd == "control") { $shv(n) = $(rU{s.int}); exit; }')
  lines.push('  route("F" + $shv(n));', '}', ...(facts.routes ?? []))
  facts.steps.forEach((step, number) => {
    if ('rpc' in step) return
    lines.push(`route[F${number}] {`, '  $var(type) = "";')
    for (const line of step.before ?? []) lines.push(`  ${line}`)
    // Once: an expression may count.
    lines.push('  $vn(got) = $null;', `  $vn(got) = ${step.expression};`)
    for (const type of ['int', 'str', 'null'])
      lines.push(`  if (typeof("$vn(got)", "${type}")) { $var(type) = "${type}"; }`)
    lines.push(`  xlog("L_ERR", "FACT ${number} $var(type) >>$vn(got)<<END\\n");`, '}')
  })
  return `${lines.join('\n')}\n`
}

/** What the log says of a step. */
export const LINE = /FACT (\d+) ([\w+]*) >>([^]*?)<<END/

export { select }
