/** Which configs were in force, since when and by whom. */
import type { Caller } from '../../core/rpc/registry.ts'
import type { Outline } from '../../script/index.ts'

/** The last ones; older ones are forgotten. */
const MOST_KEPT = 200

/** Who asked, and how he came. */
export interface Asker {
  /** As he calls himself, '' when he does not say. */
  readonly by: string
  readonly door: string
}

export interface HistoryEvent extends Asker {
  readonly generation: number
  readonly action: 'start' | 'reload' | 'undo'
  /** When this generation was compiled. */
  readonly loadedAt: number
  /** When it came into force by this action. */
  readonly at: number
  readonly hash: string
  readonly routes: number
  readonly files: readonly string[]
}

export class History {
  readonly events: HistoryEvent[] = []

  add(event: HistoryEvent): void {
    this.events.push(event)
    if (this.events.length > MOST_KEPT) this.events.shift()
  }
}

/** What operators call the doors: that of kamctl is a Unix socket. */
export const doorOf = (caller: Caller | null): string =>
  caller === null ? '' : caller.transport === 'stream' ? 'unix' : caller.transport

/** The facts of a config that its history tells. */
export const factsOf = ({
  hash,
  files,
  routes,
}: Outline): Pick<HistoryEvent, 'hash' | 'files' | 'routes'> => ({
  hash,
  files,
  routes: routes.size,
})
