/**
 * What changes when one config follows another in a running node: what is taken in, what stays as
 * somebody set it by hand, and what needs a restart. Making a plan changes nothing.
 */
import type { CfgValue } from '../../core/cfg.ts'
import type { Core } from '../../core/core.ts'
import type { Outline, Said } from '../../script/index.ts'

export interface Change {
  readonly what: string
  /** null: it was not there. */
  readonly old: CfgValue | null
  /** null: it is no more. */
  readonly new: CfgValue | null
  /** `file:line:col`; of the old one when there is no new one. */
  readonly at: string
}

export interface Kept {
  readonly what: string
  readonly value: CfgValue
  readonly config: CfgValue | null
  readonly at: string
}

export interface RouteChanges {
  readonly added: string[]
  readonly removed: string[]
  readonly changed: string[]
}

/** What a plan looks at. */
export interface Surroundings {
  readonly core: Core
  /** The config in force, and the one to come. */
  readonly from: Outline
  readonly to: Outline
  /** The config that the node was started with. */
  readonly first: Outline
  /** For each module that is there the config with which it was made. */
  readonly madeWith: ReadonlyMap<string, Outline>
  /** Modules of the config to come. */
  readonly modules: readonly string[]
}

export class Plan {
  readonly routes: RouteChanges
  readonly modules: readonly string[]
  readonly parameters: Change[] = []
  readonly kept: Kept[] = []
  readonly restartNeeded: Change[] = []
  private readonly actions: (() => void)[] = []

  constructor({ from, to, madeWith, modules }: Surroundings) {
    this.routes = routeChanges(from, to)
    this.modules = modules.filter(name => !madeWith.has(name))
  }

  /** Nothing would change, and nothing waits for a restart. */
  get empty(): boolean {
    const { added, removed, changed } = this.routes
    const lists = [added, removed, changed, this.modules, this.parameters, this.restartNeeded]
    return lists.every(list => list.length === 0)
  }

  /** Something that is taken in by doing this. */
  take(change: Change, action: () => void = () => undefined): void {
    this.parameters.push(change)
    this.actions.push(action)
  }

  /** Something that is done with the rest and is nothing to tell. */
  also(action: () => void): void {
    this.actions.push(action)
  }

  needRestart(what: string, old: Said | undefined, said: Said | undefined): void {
    this.restartNeeded.push({
      what,
      old: old?.value ?? null,
      new: said?.value ?? null,
      at: said?.at ?? old?.at ?? '',
    })
  }

  apply(): void {
    for (const action of this.actions) action()
  }
}

function routeChanges(from: Outline, to: Outline): RouteChanges {
  const names = [...to.routes.keys()]
  return {
    added: names.filter(name => !from.routes.has(name)),
    removed: [...from.routes.keys()].filter(name => !to.routes.has(name)),
    changed: names.filter(
      name => from.routes.has(name) && from.routes.get(name) !== to.routes.get(name),
    ),
  }
}

/** The names of both, each once, those of the new config first. */
export const namesOf = <K>(...maps: readonly ReadonlyMap<K, unknown>[]): K[] => [
  ...new Set(maps.flatMap(map => [...map.keys()])),
]
