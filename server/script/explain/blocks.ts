/** Route blocks: when each kind runs, who calls it, and what leaving it means. */
import type { LeaveNode, RouteNode } from '../2-parse/ast.ts'
import { positionText } from '../1-read/source.ts'
import { argumentText } from '../3-check/arguments.ts'
import { blockText, type Context } from '../3-check/context.ts'
import { visitCalls } from '../3-check/routes.ts'
import { constantOf } from '../3-check/static-types.ts'
import { value } from './words.ts'

const WHEN: Readonly<Record<RouteNode['route'], string>> = {
  request: 'It runs for every request that comes in.',
  route: 'It runs when route(NAME) calls it.',
  failure:
    'It runs when a transaction for which t_on_failure() named it has failed: a negative final ' +
    'reply, or none in time.',
  branch:
    'It runs for each branch of a request for which t_on_branch() named it, before it is sent.',
  onreply: 'It runs for replies to requests for which t_on_reply() named it.',
  onsend: 'It runs before a request is sent; what is sent is seen by snd_ip, to_ip and their kin.',
  event: 'It runs when the event of its name happens.',
}

export function blockLines(ctx: Context, node: RouteNode): string[] {
  const { route, name } = node
  const lines = [`A route block, ${blockText(route, name)}.`]
  if (route === 'onreply' && name === '') lines.push('It runs for every reply that comes in.')
  else if (route === 'event') lines.push(eventLine(ctx, name))
  else lines.push(WHEN[route])
  const callers = name === '' || route === 'event' ? [] : callersOf(ctx, node)
  if (name !== '' && route !== 'event')
    lines.push(callers.length === 0 ? 'Nothing in this config names it.' : 'It is named in:')
  return [...lines, ...callers.map(place => `  ${place}`)]
}

function eventLine(ctx: Context, name: string): string {
  for (const module of ctx.registry.moduleNames()) {
    const doc = (ctx.registry.module(module)!.events ?? {})[name]
    if (doc !== undefined) return `It runs when module ${module} raises the event: ${doc}`
  }
  return WHEN.event
}

/** The calls with this block's name as an argument. */
function callersOf(ctx: Context, node: RouteNode): string[] {
  const callers: string[] = []
  for (const item of ctx.script.items) {
    if (item.kind !== 'route') continue
    visitCalls(item.body, call => {
      const args = ctx.registry.function(call.name)?.row.args ?? []
      call.args.forEach((arg, i) => {
        const kind = call.name === 'route' ? 'route' : args[i]?.routeKind
        if (kind === node.route && argumentText(arg) === node.name)
          callers.push(
            `${positionText(call.at)} (${call.name}, in ${blockText(item.route, item.name)})`,
          )
      })
    })
  }
  return callers
}

const DROPPED: Readonly<Partial<Record<RouteNode['route'], string>>> = {
  branch: 'the branch is not sent',
  onreply: 'a provisional reply is not passed on',
  onsend: 'the message is not sent',
  event: 'what the event is about is dropped where it can be',
}

/** What return, exit and drop do here. */
export function leaveLines({ how, value: given }: LeaveNode, { route, name }: RouteNode): string[] {
  if (how === 'exit') return ['Ends the script for this message.']
  if (how === 'drop') {
    const effect = DROPPED[route]
    const also = effect === undefined ? '' : `, and ${effect}`
    return [`Ends the script for this message${also}.`]
  }
  const code = given === null ? 1 : constantOf(given)
  const where = route === 'route' ? 'goes on behind the call' : `ends ${blockText(route, name)}`
  const said = given === null ? '1' : value(given)
  const lines = [`Leaves the block and ${where}, with the return code ${said}.`]
  if (code === 0) lines.push('A return code of 0 ends the script, as exit does.')
  else if (route !== 'route') return lines
  else if (typeof code === 'number')
    lines.push(`The call is ${code > 0 ? 'true' : 'false'} in a condition; $rc holds the code.`)
  else lines.push('More than 0 is true in a condition, less than 0 false; 0 ends the script.')
  return lines
}
