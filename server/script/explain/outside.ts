/** What stands outside of the routes: parameters, modules, sockets, flags, variables. */
import { knownModule } from '../../core/catalogue/catalogue.ts'
import type { AnyModule, Api, Param } from '../../core/module/index.ts'
import { coreParamName, coreParams } from '../../core/params.ts'
import type {
  AliasNode,
  Endpoint,
  ListenNode,
  ModParamNode,
  ParamNode,
  TopNode,
  VariableNode,
} from '../2-parse/ast.ts'
import type { Context } from '../3-check/context.ts'
import { blockLines } from './blocks.ts'

export function outsideLines(ctx: Context, node: TopNode): string[] {
  switch (node.kind) {
    case 'param':
      return coreParamLines(node)
    case 'modparam':
      return modParamLines(ctx, node)
    case 'loadmodule':
      return moduleLines(ctx, node.module)
    case 'listen':
      return listenLines(node)
    case 'alias':
      return aliasLines(node)
    case 'flags':
      return flagLines(ctx, node)
    case 'variable':
      return variableLines(node)
    case 'setting':
      return settingLines(node.name, node.value)
    case 'route':
      return blockLines(ctx, node)
  }
}

const shown = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(value) : String(value)

function coreParamLines(node: ParamNode): string[] {
  const name = coreParamName(node.name)
  const given = node.value.value
  if (name === null) return [`Core parameter ${node.name}: unknown.`]
  const { kind, default: usual, live, fixed, doc, since6 } = coreParams[name]
  const lines = [`Core parameter ${name} is ${shown(given)}; by default ${shown(usual)}.`, doc]
  if (name !== node.name) lines.push(`${node.name} is another spelling of it.`)
  lines.push(`It is a ${kind === 'int' ? 'number' : 'text'}.`)
  if (live === '' || fixed) lines.push('It cannot be changed while the node runs.')
  else lines.push(liveLine(live.replace('.', ' '), kind))
  if (since6) lines.push('Kamailio 5.6 does not know it.')
  return lines
}

const liveLine = (name: string, kind: string): string =>
  `It can be changed while the node runs: cfg.${kind === 'int' ? 'seti' : 'sets'} ${name} VALUE.`

function modParamLines(ctx: Context, node: ModParamNode): string[] {
  const { modules, name, value } = node
  const loaded = ctx.script.items.flatMap(each => (each.kind === 'loadmodule' ? [each.module] : []))
  const pattern = new RegExp(`^(?:${escapeUnlessAlternatives(modules.value)})$`, 'i')
  const found = [...new Set(loaded)].filter(module => pattern.test(module))
  const lines = [`Parameter ${name.value} of module ${modules.value} is ${shown(value.value)}.`]
  if (node.evaluated) lines.push('Variables in the value are filled in when the config is loaded.')
  if (found.length === 0) lines.push('No such module is loaded above.')
  for (const module of found) {
    const param = ctx.registry.param(module, name.value)
    if (ctx.registry.module(module)?.absent !== undefined)
      lines.push(`Module ${module} is not here yet: the parameter is ignored.`)
    else if (param === null) lines.push(`Module ${module} has no such parameter.`)
    else lines.push(...paramLines(module, name.value, param))
  }
  return lines
}

/** Names with | between them are what people write; anything else is looked at as it stands. */
const escapeUnlessAlternatives = (text: string): string =>
  /^[\w|()]+$/.test(text) ? text : text.replace(/[^\w|]/g, '.')

function paramLines(module: string, name: string, param: Param<unknown>): string[] {
  const { doc, kind, live, min, max } = param
  const lines = [doc]
  if (kind === 'each') lines.push('It may be given several times.')
  else lines.push(`By default it is ${shown(param.default ?? '')}.`)
  if (min !== undefined || max !== undefined)
    lines.push(`It goes from ${min ?? 'any'} to ${max ?? 'any'}.`)
  if (live === false) lines.push('It cannot be changed while the node runs.')
  else lines.push(liveLine(`${module} ${live === true ? name : live}`, kind))
  return lines
}

function moduleLines(ctx: Context, name: string): string[] {
  const surface = ctx.registry.module(name)
  const known = knownModule(name)
  if (surface === null || surface.absent !== undefined) {
    if (known === null) return [`Loads module ${name}, which nobody knows.`]
    return [`Loads module ${name} of Kamailio ${known.version}, which is not here yet.`]
  }
  const lines = [`Loads module ${name}.`, surface.doc]
  const needs = Object.values(surface.needs as Record<string, Api<unknown>>)
  const must = needs.filter(({ optional }) => !optional).map(({ module }) => module)
  const may = needs.filter(({ optional }) => optional).map(({ module }) => module)
  if (must.length > 0) lines.push(`It needs ${must.join(', ')}.`)
  if (may.length > 0) lines.push(`It works with ${may.join(', ')} when that is loaded.`)
  return [...lines, ...offerLines(surface)]
}

function offerLines({ functions, pvars }: AnyModule): string[] {
  const called = Object.keys(functions ?? {})
  const read = Object.keys(pvars ?? {}).map(each => `$${each}`)
  const lines: string[] = []
  if (called.length > 0) lines.push(`Functions: ${called.join(', ')}`)
  if (read.length > 0) lines.push(`Variables: ${read.join(' ')}`)
  return lines
}

function endpointText({ proto, hosts, port }: Endpoint): string {
  const transport = proto === '' ? 'every transport' : proto.toUpperCase()
  return `${transport}, ${hosts.join(' and ')}${port === 0 ? '' : `, port ${port}`}`
}

function listenLines({ socket, advertise, name, virtual }: ListenNode): string[] {
  const lines = [`Listens for messages: ${endpointText(socket)}.`]
  if (advertise !== null)
    lines.push(
      `Peers are told ${advertise.hosts[0]}:${advertise.port || socket.port || 5060} instead.`,
    )
  if (name !== '') lines.push(`The socket is called ${name} in the script.`)
  if (virtual)
    lines.push('The address is virtual: it means this server only while the host has it.')
  return lines
}

const aliasLines = ({ alias }: AliasNode): string[] => [
  `A name of this server: ${endpointText(alias)}.`,
  'A URI with it is one of our own: uri==myself holds, and loose_route() takes it for ours.',
]

function flagLines(ctx: Context, node: Extract<TopNode, { kind: 'flags' }>): string[] {
  const numbers = node.avp ? ctx.avpFlags : ctx.flags
  const what = node.avp ? 'flags of AVPs' : 'flags for setflag() and its kin'
  const named = node.flags.map(({ name }) => `${name} is number ${numbers.get(name)}`)
  return [`Names for ${what}: ${named.join(', ')}.`]
}

function variableLines({ group, name, instance, value, doc }: VariableNode): string[] {
  const full = `${group}.${name}`
  const type = typeof value.value === 'number' ? 'seti' : 'sets'
  if (instance !== null)
    return [
      `Runtime parameter ${full} is ${shown(value.value)} in instance ${instance} of ${group}.`,
    ]
  return [
    `Runtime parameter ${full}, ${shown(value.value)} at the start.`,
    ...(doc === '' ? [] : [doc]),
    `The script reads it as $sel(cfg_get.${full}); cfg.${type} ${group} ${name} VALUE changes it.`,
  ]
}

function settingLines(name: string, value: string): string[] {
  if (name === 'loadpath' || name === 'mpath')
    return [`Where Kamailio looks for modules: ${value}. Here they are built in, it does nothing.`]
  if (name === 'cfgengine') return [`The routing script is written for the engine ${value}.`]
  return [`${name} is ${shown(value)}.`]
}
