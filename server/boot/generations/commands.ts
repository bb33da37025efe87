/** `ohana.cfg.*`: the handlers. */
import { ohanaCfg } from '../../../rpc/contract/ohana_cfg.ts'
import type { ResultOf } from '../../../rpc/schema.ts'
import type { Core } from '../../core/core.ts'
import type { Handlers } from '../../core/module/index.ts'
import type { Diagnostic } from '../../script/index.ts'
import type { Finding, Generations } from './generations.ts'
import { type Asker, doorOf } from './history.ts'
import type { Plan } from './plan.ts'

interface ConfigCommands {
  readonly core: Core
  readonly generations: Generations
}

type Contract = typeof ohanaCfg
type Row = ResultOf<Contract['ohana.cfg.check']>['diagnostics'][number]
type Changes = Omit<ResultOf<Contract['ohana.cfg.undo']>, 'generation' | 'undone'>

const handlers: Handlers<ConfigCommands, Contract> = {
  'ohana.cfg.reload': async ({ core, generations }, by) => {
    const outcome = await generations.reload(asker(core, by))
    return {
      reloaded: outcome.reloaded,
      generation: generations.current,
      ...refusalOf(outcome),
      took_ms: outcome.tookMs,
      diagnostics: outcome.diagnostics.map(rowOf),
      ...changesOf(outcome.plan),
    }
  },
  'ohana.cfg.undo': ({ core, generations }, by) => {
    const { plan, undone } = generations.undo(asker(core, by))
    return { generation: generations.current, undone, ...changesOf(plan) }
  },
  'ohana.cfg.diff': async ({ generations }) => {
    const finding = await generations.look()
    return {
      same: finding.plan?.empty === true,
      good: finding.refused === '',
      generation: generations.current,
      ...refusalOf(finding),
      diagnostics: finding.diagnostics.map(rowOf),
      ...changesOf(finding.plan),
    }
  },
  'ohana.cfg.check': async ({ generations }) => {
    const { outline, diagnostics } = await generations.look()
    return {
      good: outline !== null,
      generation: generations.current,
      hash: outline?.hash ?? '',
      routes: outline?.routes.size ?? 0,
      files: [...(outline?.files ?? [])],
      diagnostics: diagnostics.map(rowOf),
    }
  },
  'ohana.cfg.history': ({ generations }) => {
    const { events } = generations.history
    return events.map((event, i) => ({
      generation: event.generation,
      action: event.action,
      loaded_at: Math.round(event.loadedAt),
      at: Math.round(event.at),
      by: event.by,
      door: event.door,
      hash: event.hash,
      routes: event.routes,
      files: [...event.files],
      in_force: i === events.length - 1,
      undo: event.generation === generations.undoable && isLast(events, i),
    }))
  },
}

export function addConfigCommands(core: Core, generations: Generations): void {
  core.rpc.addModule(ohanaCfg, handlers, { core, generations })
}

/** The last event of its generation. */
const isLast = (events: Generations['history']['events'], i: number): boolean =>
  events.findLastIndex(({ generation }) => generation === events[i]!.generation) === i

const asker = (core: Core, by = ''): Asker => ({ by, door: doorOf(core.rpc.caller) })

const refusalOf = ({ refused }: Finding): { refused?: string } =>
  refused === '' ? {} : { refused }

function rowOf({ severity, code, file, line, col, text, hint, place }: Diagnostic): Row {
  return { severity, code, file, line, col, text, hint, source: place.file.lineText(line) }
}

function changesOf(plan: Plan | null): Changes {
  return {
    routes: plan?.routes ?? { added: [], removed: [], changed: [] },
    modules: [...(plan?.modules ?? [])],
    parameters: plan?.parameters ?? [],
    kept: plan?.kept ?? [],
    restart_needed: plan?.restartNeeded ?? [],
  }
}
