/**
 * What a config says, in a form in which two of them can be compared. It holds texts and numbers
 * only, so that it may be kept for as long as the config is in force.
 */
import { createHash } from 'node:crypto'
import type { ParamValue } from '../core/host.ts'
import { type CoreParamName, coreParamName } from '../core/params.ts'
import { positionText } from './1-read/source.ts'
import type { AliasNode, ListenNode, Script } from './2-parse/ast.ts'
import { blockText, type Context } from './3-check/context.ts'
import type { CoreSetting } from './3-check/globals.ts'
import type { ParsedConfig } from './parse-config.ts'

/** A value and where the config gives it, `file:line:col`. */
export interface Said {
  readonly value: string | number
  readonly at: string
}

/** The value is the last one of a parameter that is given several times. */
export interface SaidParam extends Said {
  readonly module: string
  readonly name: string
  readonly all: readonly (string | number)[]
}

export interface SaidVariable extends Said {
  readonly group: string
  /** The number in `group[2].name`, null for the group's own value. */
  readonly instance: number | null
  readonly name: string
  readonly doc: string
}

export interface SaidAlias extends Said {
  readonly proto: string
  readonly host: string
  readonly port: number
}

export interface Outline {
  /** Of the text behind the preprocessor: comments and blanks do not count. */
  readonly hash: string
  readonly files: readonly string[]
  /** `route[X]` -> what its statements are. */
  readonly routes: ReadonlyMap<string, string>
  readonly core: ReadonlyMap<CoreParamName, Said>
  /** By `module.name`. */
  readonly params: ReadonlyMap<string, SaidParam>
  readonly variables: ReadonlyMap<string, SaidVariable>
  readonly modules: ReadonlyMap<string, Said>
  readonly listens: ReadonlyMap<string, Said>
  readonly aliases: ReadonlyMap<string, SaidAlias>
  readonly flags: ReadonlyMap<string, Said>
  /** loadpath, cfgengine, kemi.*_callback. */
  readonly settings: ReadonlyMap<string, Said>
}

export interface OutlineParts {
  readonly parsed: ParsedConfig
  readonly ctx: Context
  readonly coreSettings: readonly CoreSetting[]
  readonly paramValues: readonly ParamValue[]
}

export function outlineOf({ parsed, ctx, coreSettings, paramValues }: OutlineParts): Outline {
  const { script, tokens } = parsed
  return {
    hash: hashOf(tokens.tokens.map(({ kind, text }) => `${kind} ${text}`).join('\n')),
    files: tokens.files.map(file => file.path),
    routes: new Map(
      ctx.routes
        .all()
        .map(({ route, name, body }) => [blockText(route, name), hashOf(withoutPlaces(body))]),
    ),
    core: coreOf(script, coreSettings),
    params: paramsOf(paramValues),
    variables: variablesOf(script),
    modules: modulesOf(script),
    listens: listensOf(script),
    aliases: aliasesOf(script),
    flags: flagsOf(script, ctx.flags),
    settings: settingsOf(script),
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text, 'latin1').digest('hex')

/** A tree as a text that is the same wherever it stands in its file. */
const withoutPlaces = (tree: unknown): string =>
  JSON.stringify(tree, (key, value: unknown) => (key === 'at' ? undefined : value))

function coreOf(script: Script, settings: readonly CoreSetting[]): Map<CoreParamName, Said> {
  const places = new Map<CoreParamName, string>()
  for (const node of script.items) {
    const name = node.kind === 'param' ? coreParamName(node.name) : null
    if (name !== null) places.set(name, positionText(node.at))
  }
  return new Map(settings.map(({ name, value }) => [name, { value, at: places.get(name) ?? '' }]))
}

function paramsOf(values: readonly ParamValue[]): Map<string, SaidParam> {
  const params = new Map<string, SaidParam>()
  for (const { module, name, value, at } of values) {
    const key = `${module}.${name}`
    const all = [...(params.get(key)?.all ?? []), value]
    params.set(key, { module, name, value, all, at })
  }
  return params
}

function variablesOf(script: Script): Map<string, SaidVariable> {
  const variables = new Map<string, SaidVariable>()
  for (const node of script.items) {
    if (node.kind !== 'variable') continue
    const { group, instance, name, value, doc, at } = node
    const key = instance === null ? `${group}.${name}` : `${group}[${instance}].${name}`
    const said = { group, instance, name, doc, value: value.value, at: positionText(at) }
    variables.set(key, said)
  }
  return variables
}

function modulesOf(script: Script): Map<string, Said> {
  const modules = new Map<string, Said>()
  for (const node of script.items)
    if (node.kind === 'loadmodule' && !modules.has(node.module))
      modules.set(node.module, { value: 'loaded', at: positionText(node.at) })
  return modules
}

/** `udp:127.0.0.1:5060`, as -l takes it. */
const addressText = (proto: string, host: string, port: number): string =>
  `${proto === '' ? '' : `${proto}:`}${host}${port === 0 ? '' : `:${port}`}`

function listensOf(script: Script): Map<string, Said> {
  const listens = new Map<string, Said>()
  for (const node of script.items)
    if (node.kind === 'listen')
      for (const host of node.socket.hosts) {
        const key = addressText(node.socket.proto, host, node.socket.port)
        listens.set(key, { value: listenExtras(node), at: positionText(node.at) })
      }
  return listens
}

function listenExtras({ advertise, name, virtual }: ListenNode): string {
  const words = ['listening']
  if (advertise !== null) words.push(`advertise ${advertise.hosts[0]}:${advertise.port}`)
  if (name !== '') words.push(`name "${name}"`)
  if (virtual) words.push('virtual')
  return words.join(' ')
}

function aliasesOf(script: Script): Map<string, SaidAlias> {
  const nodes = script.items.filter((node): node is AliasNode => node.kind === 'alias')
  return new Map(
    nodes.flatMap(({ alias: { proto, hosts, port }, at }) =>
      hosts.map((host): [string, SaidAlias] => [
        addressText(proto, host, port),
        { proto, host, port, value: 'ours', at: positionText(at) },
      ]),
    ),
  )
}

function flagsOf(script: Script, numbers: ReadonlyMap<string, number>): Map<string, Said> {
  const nodes = script.items.flatMap(node => (node.kind === 'flags' ? node.flags : []))
  return new Map(
    nodes.map(({ name, at }) => [name, { value: numbers.get(name) ?? '', at: positionText(at) }]),
  )
}

function settingsOf(script: Script): Map<string, Said> {
  const settings = new Map<string, Said>()
  for (const node of script.items)
    if (node.kind === 'setting')
      settings.set(node.name, { value: node.value, at: positionText(node.at) })
  return settings
}
