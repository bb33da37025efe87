/**
 * The generations of a node's config: the one in force, and the one before for undo. A new one is
 * compiled aside and checked; then, between two messages, everything changes at once. Blocks of the
 * old one live on in the transactions that hold them, and with these they are gone.
 */
import { Fault } from '../../../rpc/faults.ts'
import type { Core } from '../../core/core.ts'
import { ParamError, type ModuleHost } from '../../core/host.ts'
import type { RouteTable } from '../../core/routes.ts'
import type { Vars } from '../../core/vars.ts'
import { bind, type Diagnostic, type Outline } from '../../script/index.ts'
import { type Checked, examine } from '../check.ts'
import type { CommandLine } from '../options.ts'
import { prefixLog } from '../wiring.ts'
import { type Asker, factsOf, History, type HistoryEvent } from './history.ts'
import { Plan } from './plan.ts'
import { planCoreParams, planModuleParams } from './plan-parameters.ts'
import { planAliases, planFlags, planRestarts } from './plan-surroundings.ts'
import { planVariables } from './plan-variables.ts'

/** One config that is or was in force. */
interface Generation {
  readonly number: number
  readonly loadedAt: number
  readonly table: RouteTable
  readonly outline: Outline
  readonly modules: readonly string[]
}

/** What was found out about the config as it stands in its file now. */
export interface Finding {
  readonly diagnostics: readonly Diagnostic[]
  /** Why it would not be taken, '' when it would. */
  readonly refused: string
  /** null when it has errors. */
  readonly checked: Checked | null
  readonly outline: Outline | null
  readonly plan: Plan | null
}

export interface Outcome extends Finding {
  readonly reloaded: boolean
  readonly tookMs: number
}

export class Generations {
  readonly history = new History()
  private readonly line: CommandLine
  private readonly core: Core
  private readonly host: ModuleHost
  private readonly directory: string
  private readonly first: Outline
  private readonly madeWith = new Map<string, Outline>()
  private inForce: Generation
  private before: Generation | null = null
  private newest = 1
  private busy = false

  /** `checked` is what the node was started with. */
  constructor(line: CommandLine, core: Core, host: ModuleHost, checked: Checked) {
    this.line = line
    this.core = core
    this.host = host
    this.directory = checked.directory
    const outline = checked.compiled.outline()
    this.first = outline
    this.inForce = this.generation(checked, outline, core.routes.table, 1)
    for (const module of this.inForce.modules) this.madeWith.set(module, outline)
    this.note('start', { by: '', door: '' })
  }

  get current(): number {
    return this.inForce.number
  }

  /** What undo would bring back, or null. */
  get undoable(): number | null {
    return this.before?.number ?? null
  }

  /** Reads and checks the config as it stands in its file now, and says what it would change. */
  look(): Promise<Finding> {
    return this.read()
  }

  /** What is wrong with the config is an outcome; throws Fault while another one is at work. */
  async reload(asker: Asker): Promise<Outcome> {
    if (this.busy) throw new Fault(409, 'another reload is under way')
    this.busy = true
    const start = performance.now()
    try {
      const finding = await this.read(this.core.vars)
      const refused = await this.take(finding, asker)
      const tookMs = Math.round(performance.now() - start)
      if (refused !== '') {
        const text = `reload by ${nameOf(asker)} refused: ${refused}`
        this.core.log.warn('<core>', text)
      }
      return { ...finding, refused, reloaded: refused === '', tookMs }
    } finally {
      this.busy = false
    }
  }

  /** The generation before comes back as it was compiled; throws Fault when there is none. */
  undo(asker: Asker): { plan: Plan; undone: number } {
    if (this.busy) throw new Fault(409, 'a reload is under way')
    const { before, inForce } = this
    if (before === null) throw new Fault(404, 'there is no generation to go back to')
    const plan = this.plan(before.outline, before.modules)
    this.putInForce(before, plan)
    this.note('undo', asker)
    return { plan, undone: inForce.number }
  }

  private async read(vars?: Vars): Promise<Finding> {
    const { line, directory } = this
    const succession = vars === undefined ? { directory } : { directory, vars }
    const checked = await examine(line, succession)
    const { failed, diagnostics } = checked.compiled
    if (failed)
      return {
        ...{ checked: null, outline: null, plan: null },
        ...{ diagnostics, refused: 'the config has errors' },
      }
    const outline = checked.compiled.outline()
    const plan = this.plan(outline, namesOf(checked))
    return { checked, outline, plan, diagnostics, refused: this.moduleRefusal(checked, plan) }
  }

  private plan(to: Outline, modules: readonly string[]): Plan {
    const { core, first, madeWith } = this
    const around = { core, first, madeWith, modules, from: this.inForce.outline, to }
    const plan = new Plan(around)
    planCoreParams(plan, around)
    planModuleParams(plan, around)
    planVariables(plan, around)
    planFlags(plan, around)
    planAliases(plan, around)
    planRestarts(plan, around)
    return plan
  }

  private moduleRefusal({ surfaces }: Checked, { modules }: Plan): string {
    for (const surface of surfaces) {
      const why = modules.includes(surface.name) ? this.host.refusal(surface) : ''
      if (why !== '') return `module ${surface.name} needs a restart: ${why}`
    }
    return ''
  }

  /** Everything that can fail comes before the change. Gives the reason when it does. */
  private async take(finding: Finding, asker: Asker): Promise<string> {
    const { checked, outline, plan, refused } = finding
    if (refused !== '' || checked === null || outline === null || plan === null) return refused
    const { core, host } = this
    const { compiled, surfaces } = checked
    let takeBack = async (): Promise<void> => undefined
    let table: RouteTable
    try {
      if (plan.modules.length > 0) takeBack = await host.add(surfaces, compiled.paramValues)
      core.formats.compile(String(outline.core.get('log_prefix')?.value ?? ''))
      table = bind(compiled, core, host)
    } catch (error) {
      await takeBack()
      return sentenceOf(error)
    }
    for (const module of plan.modules) this.madeWith.set(module, outline)
    this.newest++
    this.putInForce(this.generation(checked, outline, table, this.newest), plan)
    this.note('reload', asker)
    return ''
  }

  private generation(
    { surfaces }: Checked,
    outline: Outline,
    table: RouteTable,
    number: number,
  ): Generation {
    const modules = surfaces.map(surface => surface.name)
    return { number, loadedAt: this.core.clock.now(), table, outline, modules }
  }

  /** Between two messages: none sees a part of it. */
  private putInForce(next: Generation, plan: Plan): void {
    const { core, host } = this
    plan.apply()
    prefixLog(core)
    core.routes.replace(next.table)
    core.kemi.link(module => host.instance(module))
    this.before = this.inForce
    this.inForce = next
  }

  private note(action: HistoryEvent['action'], asker: Asker): void {
    const { number: generation, loadedAt, outline } = this.inForce
    const at = this.core.clock.now()
    this.history.add({ generation, action, loadedAt, at, ...asker, ...factsOf(outline) })
    if (action === 'start') return
    const text = `config generation ${generation} in force: ${action} by ${nameOf(asker)}`
    this.core.log.notice('<core>', text)
  }
}

const nameOf = ({ by, door }: Asker): string => (by === '' ? door : `${by} (${door})`)

const namesOf = ({ surfaces }: Checked): string[] => surfaces.map(surface => surface.name)

function sentenceOf(error: unknown): string {
  if (error instanceof ParamError) return `${error.at}: ${error.message}`
  return error instanceof Error ? error.message : String(error)
}
