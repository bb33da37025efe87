/**
 * The surface of a module. Its file is one `defineModule({...})`; everything else (config check,
 * calls, RPC, statistics, help, documentation tests) is derived from it. Importing a surface has no
 * side effect.
 */
import type { Methods } from '../../../rpc/schema.ts'
import type { SipMessage } from '../../sip/message.ts'
import type { KnownModule } from '../catalogue/catalogue.ts'
import type { Core } from '../core.ts'
import type { TableDeclaration } from '../db/table.ts'
import type { ScriptAction } from './blocks.ts'
import type { ConfigFunction } from './functions.ts'
import type { KemiFunction } from './kemi.ts'
import type { ApisOf, Needs } from './needs.ts'
import type { ConfigOf, Params } from './params.ts'
import type { Handlers } from './rpc.ts'
import type { CountersOf, Stat } from './statistics.ts'
import type { PeriodicJob } from './timers.ts'
import type { Transformation } from './transformations.ts'
import type { Pvar } from './variables.ts'

/** All that a module's instance is given. */
export interface ModuleEnv<P, N, St = {}> {
  readonly config: ConfigOf<P>
  readonly apis: ApisOf<N>
  readonly core: Core
  readonly stats: CountersOf<St>
}

export interface ModuleSurface<P, N, S, St, M extends Methods> {
  readonly name: string
  readonly doc: string
  readonly needs: N
  readonly params: P
  /** Name of the group of its statistics when it is not the module's. */
  readonly statsGroup?: string
  readonly stats?: St
  readonly instance: new (env: ModuleEnv<P, N, St>) => S
  readonly functions?: Record<string, ConfigFunction<NoInfer<S>>>
  /** What only KEMI scripts have: `name`, or `sub.name` for another part of KSR (`pvx.evalx`). */
  readonly kemi?: Record<string, KemiFunction<NoInfer<S>>>
  readonly pvars?: Record<string, Pvar<NoInfer<S>>>
  readonly transformations?: Record<string, Record<string, Transformation>>
  readonly timers?: Record<string, PeriodicJob<NoInfer<S>>>
  /** Event routes that it runs: name -> when. */
  readonly events?: Record<string, string>
  readonly rpc?: { readonly contract: M; readonly handlers: Handlers<NoInfer<S>, M> }
  readonly tables?: readonly TableDeclaration[]
  /**
   * Told of every action of the script before it is done. Where a loaded module has it, each action
   * costs a call; otherwise there is nothing of it in what the script becomes.
   */
  readonly tracer?: (self: NoInfer<S>) => (msg: SipMessage, action: ScriptAction) => void
  /**
   * Present when the module is not here yet and only stands in for itself (--allow-missing): its
   * functions are called with the place of the call in place of their arguments.
   */
  readonly absent?: KnownModule
  /**
   * What `needs` of other modules gives them: `apis.x` is what this returns. Default: the instance.
   */
  readonly api?: (self: NoInfer<S>) => object
  /** Runs after all modules are made and all formats are linked. */
  start?(self: NoInfer<S>): void | Promise<void>
  stop?(self: NoInfer<S>): void | Promise<void>
}

// biome-ignore lint/suspicious/noExplicitAny: the registry holds modules of all shapes
export type AnyModule = ModuleSurface<any, any, any, any, any>

export const defineModule = <
  P extends Params,
  N extends Needs,
  S,
  St extends Record<string, Stat<NoInfer<S>>> = {},
  M extends Methods = {},
>(
  m: ModuleSurface<P, N, S, St, M>,
): ModuleSurface<P, N, S, St, M> => m
