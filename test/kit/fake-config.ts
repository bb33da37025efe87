// The config of a fake node: what a test says a reload would find, and what came into force.
import type { Result } from '../../rpc/contract/index.ts'
import { Fault } from '../../rpc/faults.ts'

type Difference = Result<'ohana.cfg.diff'>
type Event = Result<'ohana.cfg.history'>[number]

const NOTHING: Omit<Difference, 'generation'> = {
  same: true,
  good: true,
  diagnostics: [],
  routes: { added: [], removed: [], changed: [] },
  modules: [],
  parameters: [],
  kept: [],
  restart_needed: [],
}

export class FakeConfig {
  /** What stands in the file, compared with what is in force. */
  found: Partial<Difference> = {}
  readonly events: Event[]

  constructor(startedAt: number) {
    this.events = [this.event(1, 'start', startedAt, '')]
  }

  handle(method: string, by: string, now: number): unknown {
    switch (method) {
      case 'ohana.cfg.check': {
        const { good, generation, diagnostics } = this.difference()
        const hash = good ? 'f00d'.repeat(16) : ''
        return { good, generation, diagnostics, hash, routes: 3, files: ['/etc/kamailio.cfg'] }
      }
      case 'ohana.cfg.diff':
        return this.difference()
      case 'ohana.cfg.history':
        return this.events.map((event, i) => ({
          ...event,
          in_force: i === this.events.length - 1,
          undo: i === this.events.length - 2,
        }))
      case 'ohana.cfg.reload':
        return this.reload(by, now)
      case 'ohana.cfg.undo':
        return this.undo(by, now)
      default:
        throw new Fault(500, 'Method Not Found')
    }
  }

  get generation(): number {
    return this.events.at(-1)!.generation
  }

  private difference(): Difference {
    return { ...NOTHING, generation: this.generation, ...this.found }
  }

  private reload(by: string, now: number): Result<'ohana.cfg.reload'> {
    const { same: _, good, ...rest } = this.difference()
    if (good) this.events.push(this.event(this.generation + 1, 'reload', now, by))
    return { ...rest, reloaded: good, generation: this.generation, took_ms: 5 }
  }

  private undo(by: string, now: number): Result<'ohana.cfg.undo'> {
    const undone = this.generation
    const before = this.events.at(-2)?.generation
    if (before === undefined) throw new Fault(404, 'there is no generation to go back to')
    this.events.push(this.event(before, 'undo', now, by))
    const { routes, modules, parameters, kept, restart_needed } = this.difference()
    return { generation: before, undone, routes, modules, parameters, kept, restart_needed }
  }

  private event(generation: number, action: string, at: number, by: string): Event {
    const files = ['/etc/kamailio/kamailio.cfg', '/etc/kamailio/routes.cfg']
    const door = by === '' ? '' : 'unix'
    const hash = `${generation}`.repeat(64)
    const flags = { in_force: false, undo: false }
    return { generation, action, loaded_at: at, at, by, door, hash, routes: 3, files, ...flags }
  }
}
