// Calls come and go, the database is away, loses answers or is slow, and nodes are killed: rows
// tell what is so, no call is stopped, and at the end nothing is left.
import { expect, test } from 'vitest'
import { SeededRandom } from '../../../../../server/lib/random.ts'
import { loadDialogs } from '../../../../../server/modules/dialog/load.ts'
import type { DialogStore } from '../../../../../server/modules/dialog/store.ts'
import { CALLEE_PORT, CALLER_PORT } from '../../../../compat/dialog-rpc/cases.ts'
import { withinText } from '../../../../compat/dialog-rpc/play.ts'
import type { ControlledDriver } from '../usrloc/controlled-database.ts'
import { does, newTables, START, World } from './database-world.ts'

const LIFETIME = 300
const STEPS = 80
const FIRST_SEED = Number(process.env.FUZZ_SEED ?? 1)

class Story {
  private readonly random: SeededRandom
  private readonly path = newTables()
  private time = START
  private world!: World
  private driver!: ControlledDriver
  private store!: DialogStore
  private calls = 0
  /** The 2xx of calls that are under way. */
  private readonly answers = new Map<string, string>()
  /** Those whose rows are there for sure, and those whose rows are gone for sure. */
  private safe = new Set<string>()
  private readonly gone = new Set<string>()
  private ended: string[] = []
  /** Every node had transactions. */
  private isWhole = true

  constructor(seed: number) {
    this.random = new SeededRandom(seed)
  }

  private below(count: number): number {
    return this.random.uint32() % count
  }

  /** A new node on the rows that the one before has left. */
  async start(): Promise<void> {
    const params = { db_mode: 1, db_skip_load: 1, default_timeout: LIFETIME }
    this.world = await World.start(params, this.path, this.time)
    const transactions = this.below(4) !== 0
    if (!transactions) this.isWhole = false
    const { driver, store } = this.world.control(transactions)
    await loadDialogs(this.world.dialogs, store, [], 'conflict')
    this.driver = driver
    this.store = store
  }

  async tell(): Promise<void> {
    await this.start()
    for (let i = 0; i < STEPS; i++) await this.step()
    this.driver.failure = null
    await this.flush()
    for (const call of this.answers.keys()) await this.end(call)
    // Calls whose end a kill has taken run out.
    this.world.pass(LIFETIME + 5)
    await this.flush()
    expect(this.world.rpc('dlg.stats_active')).toMatchObject({ all: 0 })
    expect([this.world.rows(), this.world.variables()]).toEqual([[], []])
  }

  private async step(): Promise<void> {
    switch (this.below(8)) {
      case 0:
        return this.fail()
      case 1:
        return this.flush()
      case 2:
        return this.below(3) === 0 ? this.kill() : undefined
      case 3:
      case 4: {
        const [call] = [...this.answers.keys()].slice(this.below(this.answers.size || 1))
        return call === undefined ? undefined : this.end(call)
      }
      default:
        return this.begin()
    }
  }

  private fail(): void {
    const ways = [null, null, 'unavailable', 'deadline', 'busy'] as const
    this.driver.failure = ways[this.below(ways.length)]!
    this.driver.carriesOut = this.driver.failure === 'deadline' && this.below(2) === 0
  }

  private async begin(): Promise<void> {
    const call = `call${++this.calls}`
    await this.world.plays(does(call, 'call'))
    this.answers.set(call, this.world.node.got(CALLER_PORT).at(-1)!)
  }

  private async end(call: string): Promise<void> {
    const bye = withinText(call, 'BYE', 12, this.answers.get(call)!)
    await this.world.node.send(CALLER_PORT, bye, { port: CALLEE_PORT, start: 'BYE ', call })
    this.answers.delete(call)
    this.safe.delete(call)
    if (this.isKnown(call)) this.ended.push(call)
  }

  private isKnown(call: string): boolean {
    return (this.world.rpc('dlg.dlg_list', call) as unknown[]).length > 0
  }

  /** When it succeeds the rows are what the memory is. */
  private async flush(): Promise<void> {
    if (!(await this.store.flush()) || this.store.waiting > 0) return
    const rows = this.world.rows(['callid', 'state'])
    const live = this.world.dialogs.table.all().filter(({ state }) => state < 5)
    expect(rows.length).toBe(live.length)
    expect(new Set(rows)).toEqual(new Set(live.map(({ callId }) => `${callId},4`)))
    const names = new Set(this.world.rows(['hash_entry', 'hash_id']))
    const variables = this.world.variables(['hash_entry', 'hash_id'])
    expect(variables.filter(name => !names.has(name))).toEqual([])
    // Without transactions a kill may have taken those of a dialog.
    if (this.isWhole) expect(variables.length).toBe(live.length)
    this.safe = new Set(live.map(({ callId }) => callId))
    for (const call of this.ended) this.gone.add(call)
    this.ended = []
  }

  private async kill(): Promise<void> {
    // Whatever it tries from now on, it reaches nothing.
    this.driver.failure = 'unavailable'
    this.driver.carriesOut = false
    await this.store.flush()
    // Ends that were not written are forgotten.
    this.ended = []
    this.time = START + 1000 * this.calls
    await this.start()
    for (const call of this.safe) expect(this.isKnown(call), call).toBe(true)
    for (const call of this.gone) expect(this.isKnown(call), call).toBe(false)
  }
}

test.for(Array.from({ length: 3 }, (_, more) => FIRST_SEED + more))('seed %i', seed =>
  new Story(seed).tell(),
)
