/** What all checks share: the tree's names, the registry, the report. */
import type { Formats } from '../../core/core.ts'
import { type RouteKind } from '../../core/module/index.ts'
import {
  BRANCH_ROUTE,
  CORE_ONREPLY_ROUTE,
  EVENT_ROUTE,
  FAILURE_ROUTE,
  ONSEND_ROUTE,
  REQUEST_ROUTE,
  TM_ONREPLY_ROUTE,
} from '../../core/route-bits.ts'
import type { Registry } from '../../core/registry.ts'
import type { RouteNode, Script } from '../2-parse/ast.ts'
import type { Report } from '../diagnostic.ts'
import type { Surroundings } from './missing.ts'
import type { DeclaredNames } from './written.ts'

export interface Context extends DeclaredNames {
  readonly script: Script
  readonly registry: Registry
  readonly report: Report
  readonly routes: RouteTable
  /** For values that hold variables: says what is wrong with them, evaluates nothing. */
  readonly formats: Formats
  readonly surroundings: Surroundings
  /** Refuse what only Kamailio 6 has. */
  readonly strict56: boolean
}

/** The route blocks by kind and name. */
export class RouteTable {
  private readonly byKey = new Map<string, RouteNode>()

  add(node: RouteNode): void {
    this.byKey.set(`${node.route} ${node.name}`, node)
  }

  /** route(0) is the request route. */
  find(kind: RouteKind, name: string): RouteNode | null {
    if (kind === 'route' && name === '0') return this.find('request', '')
    return this.byKey.get(`${kind} ${name}`) ?? null
  }

  names(kind: RouteKind): string[] {
    return this.all()
      .filter(node => node.route === kind && node.name !== '')
      .map(node => node.name)
  }

  all(): RouteNode[] {
    return [...this.byKey.values()]
  }
}

/** Formats that look at nothing: where a parser only wants to have some. */
export const BLIND: Formats = {
  compile: () => () => '',
  pvar: text => ({ text, get: () => null, set: null }),
  target: text => ({ text, get: () => null, set: null }),
}

/** A context without a config: for formats and variables in parameters. */
export const contextWithout = (registry: Registry): Omit<Context, 'report'> => ({
  script: { items: [] },
  registry,
  routes: new RouteTable(),
  flags: new Map(),
  avpFlags: new Map(),
  groups: new Map(),
  formats: BLIND,
  surroundings: { available: [], allowMissing: false },
  strict56: false,
})

/** How a block is written. */
export function blockText(kind: RouteKind, name: string): string {
  if (kind === 'request') return 'request_route'
  if (kind === 'route') return `route[${name}]`
  if (kind === 'onreply' && name === '') return 'reply_route'
  return name === '' ? `${kind}_route` : `${kind}_route[${name}]`
}

/**
 * The bits of the route types of which a function must allow one. An event route allows what a
 * request route does.
 */
export function blockBits(kind: RouteKind, name: string): number {
  switch (kind) {
    case 'request':
    case 'route':
      return REQUEST_ROUTE
    case 'failure':
      return FAILURE_ROUTE
    case 'branch':
      return BRANCH_ROUTE
    case 'onreply':
      return name === '' ? CORE_ONREPLY_ROUTE : TM_ONREPLY_ROUTE
    case 'onsend':
      return ONSEND_ROUTE
    case 'event':
      return EVENT_ROUTE | REQUEST_ROUTE
  }
}

const BIT_NAMES: readonly (readonly [number, string])[] = [
  [REQUEST_ROUTE, 'request_route'],
  [FAILURE_ROUTE, 'failure_route'],
  [BRANCH_ROUTE, 'branch_route'],
  [CORE_ONREPLY_ROUTE, 'reply_route'],
  [TM_ONREPLY_ROUTE, 'onreply_route'],
  [ONSEND_ROUTE, 'onsend_route'],
  [EVENT_ROUTE, 'event_route'],
]

/** The blocks in which something with these bits may stand. */
export const allowedBlocks = (bits: number): string[] =>
  BIT_NAMES.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name)

/** `request_route, failure_route`. */
export const allowedText = (bits: number): string => allowedBlocks(bits).join(', ')
