/** The modules that a config loads, and the events that they raise. */
import { knownModule, knownModuleNames } from '../../core/catalogue/catalogue.ts'
import type { Api } from '../../core/module/index.ts'
import type { LoadModuleNode, RouteNode } from '../2-parse/ast.ts'
import type { Context } from './context.ts'
import { absentOwner, reportMissing } from './missing.ts'
import { suggest } from './suggest.ts'

/** Events of the core that never come here; the others are rows of its surface. */
const CORE_EVENTS = ['core:modinit-before', 'core:tkv']

/** Does every module find those that it cannot do without? */
export function checkNeeds(ctx: Context): void {
  const nodes = ctx.script.items.filter(node => node.kind === 'loadmodule')
  const loaded = new Map<string, LoadModuleNode>()
  for (const node of nodes) if (!loaded.has(node.module)) loaded.set(node.module, node)
  for (const [name, node] of loaded) {
    const surface = ctx.registry.module(name)
    for (const token of Object.values(surface?.needs ?? {}) as Api<unknown>[]) {
      const there = ctx.registry.module(token.module) !== null
      const absent = absentOwner(ctx, token.module) !== null
      if (token.optional || (there && !absent)) continue
      const missing = absent || !ctx.surroundings.available.includes(token.module)
      ctx.report.error(node.at, 'CFG_NEEDS_MODULE', name, token.module, missing)
    }
  }
}

/** An event route that nothing will ever run. */
export function checkEventRoute(ctx: Context, node: RouteNode): void {
  const { name } = node
  const events = eventsOf(ctx)
  if (raises(events, name)) return
  const owner = knownModuleNames().find(module => raises(knownModule(module)!.events, name))
  if (owner !== undefined && absentOwner(ctx, owner) !== null) {
    reportMissing(ctx, node.at, 'CFG_MISSING_EVENT', name, owner)
    return
  }
  if (owner !== undefined) return
  const alike = suggest(name, events)
  // Names of events may come from parameters: only what looks like a slip is worth a word.
  if (alike.length > 0) ctx.report.warn(node.at, 'CFG_UNKNOWN_EVENT', name, alike)
}

const raises = (events: readonly string[], name: string): boolean =>
  events.some(
    event => event === name || (event.endsWith(':*') && name.startsWith(event.slice(0, -1))),
  )

function eventsOf(ctx: Context): string[] {
  const surfaces = ctx.registry.moduleNames().map(name => ctx.registry.module(name)!)
  const own = surfaces.flatMap(surface => Object.keys(surface.events ?? {}))
  return [...own, ...CORE_EVENTS]
}
