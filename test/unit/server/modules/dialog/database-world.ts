// A node that keeps dialogs in a database of its own, or in one that does what the test says.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Dialogs } from '../../../../../server/modules/dialog/dialog.ts'
import { DialogStore } from '../../../../../server/modules/dialog/store.ts'
import type { Case, Step } from '../../../../compat/dialog-rpc/cases.ts'
import { play } from '../../../../compat/dialog-rpc/play.ts'
import { ControlledDriver } from '../usrloc/controlled-database.ts'
import { type DialogNode, dialogNode, makeTables, rowsIn } from './dialog-bench.ts'

export type Params = NonNullable<Case['params']>

export const does = (call: string, does: Extract<Step, { call: string }>['does']): Step => ({
  call,
  does,
})
const PROFILES = { profiles_with_value: 'caller', profiles_no_value: 'inbound' }
const SCRIPT =
  'set_dlg_profile("inbound"); set_dlg_profile("caller", "$fU"); $dlg_var(color) = "blue";'
export const START = 1_700_000_000_000

export function newTables(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dialogs-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, 'dialogs.sqlite')
  makeTables(path)
  return path
}

/** A node whose time is the test's; it is stopped at the end, unless it was killed. */
export class World {
  readonly node: DialogNode
  readonly path: string
  readonly clock: { time: number }

  constructor(node: DialogNode, path: string, clock: { time: number }) {
    this.node = node
    this.path = path
    this.clock = clock
  }

  static async start(params: Params, path = newTables(), time = START): Promise<World> {
    const clock = { time }
    const reading = { now: () => clock.time, monotonic: () => clock.time - time }
    const one = { name: '', params: { ...PROFILES, ...params }, script: SCRIPT, steps: [] }
    const world = new World(await dialogNode(one, path, reading), path, clock)
    world.node.writesFirst = params.db_mode === 1
    onTestFinished(() => world.node.stop())
    return world
  }

  get dialogs(): Dialogs {
    return this.node.bench.host.instance('dialog') as Dialogs
  }

  /**
   * As dialog opened its database, on one that does what the test says. Without transactions each
   * statement stands for itself: what is carried out without an answer stays.
   */
  control(transactions = true): { driver: ControlledDriver; store: DialogStore } {
    const { core } = this.node.bench
    const driver = new ControlledDriver()
    if (!transactions) driver.can = new Set([...driver.can].filter(one => one !== 'transactions'))
    core.databases.add(driver)
    Object.assign(core.params, { db_failures: 1000 })
    const store = new DialogStore(this.dialogs, core.databases.open(`sqlite:////${this.path}`, 'x'))
    this.dialogs.store = store
    this.node.writesFirst = false
    return { driver, store }
  }

  async plays(...steps: Step[]): Promise<void> {
    await play(this.node, { name: '', steps })
  }

  pass(seconds: number): void {
    for (let i = 0; i < seconds * 10; i++) {
      this.clock.time += 100
      this.node.bench.core.timers.run()
    }
  }

  rows(columns = ['callid']): unknown[] {
    return rowsIn(this.path, 'dialog').map(row => columns.map(name => row[name]).join())
  }

  variables(columns = ['dialog_key', 'dialog_value']): unknown[] {
    return rowsIn(this.path, 'dialog_vars').map(row => columns.map(name => row[name]).join())
  }

  rpc(name: string, ...params: unknown[]): unknown {
    return this.node.bench.rpc(name, ...params)
  }
}
