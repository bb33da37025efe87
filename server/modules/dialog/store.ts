/**
 * Brings the rows of the database after the dialogs in memory, in batches inside of transactions.
 * No call waits for it: what could not be written is written later, in its newest form.
 */
import { type Database, DbError, type DbStatements } from '../../core/db/api.ts'
import { L_BUG } from '../../core/log.ts'
import { Timer } from '../../lib/wheel.ts'
import { CONFIRMED_NO_ACK, DELETED, EXPIRED, FAILED, TERMINATED } from './api.ts'
import { AT_ONCE, AT_THE_END } from './db-modes.ts'
import type { Dialogs } from './dialog.ts'
import { type Dialog, FLAG_CHANGED, FLAG_CHANGED_VARIABLES, FLAG_NEW } from './dialog-record.ts'
import { RowShape } from './rows.ts'

/** Dialogs of one transaction. */
const BATCH = 200
/** After a failure. */
const AGAIN_MS = 5000

// ---- what is known of the rows of a dialog
const ABSENT = 0
const PRESENT = 1
/** A statement about them was not answered: they may be there, or in part. */
const UNSURE = 2

/** The rows of a dialog. */
class Written {
  state = ABSENT
  /** Its variables as the table has them; null: none. */
  variables: ReadonlyMap<string, string> | null = null
}

type Failure = 'none' | 'of one row' | 'of the database'

export class DialogStore {
  readonly db: Database
  readonly shape: RowShape
  private readonly self: Dialogs
  /** Of dialogs that have or may have rows. */
  private readonly rows = new Map<Dialog, Written>()
  private changes = new Set<Dialog>()
  private removals = new Set<Dialog>()
  private flushing: Promise<boolean> | null = null
  private isScheduled = false
  /** The last attempt failed, and the log says so. */
  private troubled = false
  private readonly retry: Timer

  constructor(self: Dialogs, db: Database) {
    this.self = self
    this.db = db
    this.shape = new RowShape(self.config)
    this.retry = new Timer(() => void this.flush())
    // It stays in memory for some time after its end; its rows must not.
    self.on(TERMINATED | EXPIRED | FAILED, dialog => {
      if (dialog.state === DELETED) this.removed(dialog)
    })
    db.onAvailable(available => {
      if (available && this.waiting > 0) void this.flush()
    })
  }

  get waiting(): number {
    return this.changes.size + this.removals.size
  }

  // ---- what happens to dialogs; it is noted, and nobody waits

  /** Something that a row holds has changed: dialog.dflags tell what. */
  changed(dialog: Dialog): void {
    const { db_mode: mode } = this.self.config
    if (mode === AT_THE_END) return
    if (dialog.state === DELETED) return this.removed(dialog)
    // As in Kamailio, calls that were not answered yet have no rows.
    if (dialog.state < CONFIRMED_NO_ACK) return
    this.removals.delete(dialog)
    this.changes.add(dialog)
    if (mode === AT_ONCE) this.soon()
  }

  /** It has ended: its rows go. */
  removed(dialog: Dialog): void {
    this.changes.delete(dialog)
    if (!this.rows.has(dialog) || this.self.config.db_mode === AT_THE_END) return
    this.removals.add(dialog)
    // An ended call whose row stays would come back with the next start.
    this.soon()
  }

  // ---- what the loader tells

  /** Its rows were just read. */
  known(dialog: Dialog): void {
    const written = new Written()
    written.state = PRESENT
    written.variables = snapshot(dialog)
    this.rows.set(dialog, written)
  }

  /** All rows have been deleted. */
  forgetRows(): void {
    this.rows.clear()
  }

  /** Everything that is under way is to be written (db_mode 3). */
  noteAll(): void {
    for (const dialog of this.self.table.each())
      if (dialog.state >= CONFIRMED_NO_ACK && dialog.state < DELETED) this.changes.add(dialog)
  }

  // ---- writing

  private soon(): void {
    if (this.isScheduled || this.flushing !== null || this.retry.armed) return
    this.isScheduled = true
    setImmediate(() => {
      this.isScheduled = false
      void this.flush()
    })
  }

  stop(): void {
    this.self.core.timers.disarm(this.retry)
  }

  /** Writes all that there is to write; false when that failed, after a line in the log. */
  flush(): Promise<boolean> {
    this.flushing ??= this.flushAll().finally(() => {
      this.flushing = null
    })
    return this.flushing
  }

  private async flushAll(): Promise<boolean> {
    this.self.core.timers.disarm(this.retry)
    while (this.waiting > 0)
      if (!(await this.batch())) {
        this.self.core.timers.arm(this.retry, AGAIN_MS)
        return false
      }
    return true
  }

  private async batch(): Promise<boolean> {
    // Its rows may have gone since it was noted: it ends once and leaves the memory once more.
    const gone = take(this.removals, BATCH).filter(dialog => this.rows.has(dialog))
    const changed = take(this.changes, BATCH)
    const failure = await this.write(gone, changed)
    if (failure === 'of the database') this.giveBack(gone, changed)
    else if (failure === 'of one row' && gone.length + changed.length > 1)
      return this.oneByOne(gone, changed)
    else if (this.troubled) {
      this.troubled = false
      this.self.core.log.notice('dialog', 'dialogs are written to the database again')
    }
    return failure !== 'of the database'
  }

  /** One bad row does not keep the others from being written; it waits for its next change. */
  private async oneByOne(gone: readonly Dialog[], changed: readonly Dialog[]): Promise<boolean> {
    const all = [...gone.map(one => [[one], []]), ...changed.map(one => [[], [one]])]
    for (let i = 0; i < all.length; i++) {
      const [oneGone, oneChanged] = all[i] as [Dialog[], Dialog[]]
      if ((await this.write(oneGone, oneChanged)) !== 'of the database') continue
      for (const [left, more] of all.slice(i) as [Dialog[], Dialog[]][]) this.giveBack(left, more)
      return false
    }
    return true
  }

  private async write(gone: readonly Dialog[], changed: readonly Dialog[]): Promise<Failure> {
    const statements = [
      ...gone.map(dialog => this.removal(dialog)),
      ...changed.map(dialog => this.change(dialog)),
    ]
    try {
      await this.send(statements)
    } catch (error) {
      const failure = failureOf(error)
      // What was refused was not done at all; anything else may have been.
      for (const { written, before } of statements)
        written.state = failure === 'of one row' ? before : UNSURE
      if (failure === 'of the database' || statements.length === 1) this.complain(error, failure)
      if (failure === 'of one row' && statements.length === 1) this.giveUp(statements[0]!)
      return failure
    }
    for (const { dialog, written, variables } of statements) {
      if (variables === undefined) this.rows.delete(dialog)
      else {
        written.state = PRESENT
        written.variables = variables
      }
    }
    return 'none'
  }

  /** A row that cannot be deleted is not tried for ever. */
  private giveUp({ dialog, variables }: Statement): void {
    if (variables === undefined) this.rows.delete(dialog)
  }

  private send(statements: readonly Statement[]): Promise<unknown> {
    const all = (db: DbStatements): Promise<unknown> =>
      // Given all at once they go to the database together; dialogs do not depend on each other.
      Promise.all(statements.map(({ run }) => run(db)))
    return this.db.can.has('transactions') ? this.db.transaction(all) : all(this.db)
  }

  private removal(dialog: Dialog): Statement {
    const written = this.rows.get(dialog) ?? new Written()
    const { state: before } = written
    const hasVariables = before === UNSURE || written.variables !== null
    written.state = UNSURE
    return { dialog, written, before, run: db => this.remove(db, dialog, hasVariables) }
  }

  private async remove(db: DbStatements, dialog: Dialog, hasVariables: boolean): Promise<void> {
    const { table_name, vars_table_name } = this.self.config
    // In this order: without transactions nothing is left that belongs to no dialog.
    if (hasVariables) await db.delete(vars_table_name, this.shape.variablesOf(dialog))
    await db.delete(table_name, this.shape.ofDialog(dialog))
  }

  private change(dialog: Dialog): Statement {
    let written = this.rows.get(dialog)
    if (written === undefined) {
      written = new Written()
      this.rows.set(dialog, written)
    }
    const { state: before } = written
    const old = before === PRESENT ? written.variables : null
    const variables = snapshot(dialog)
    // Values of now: what changes while the database works is written next time.
    const cells =
      before === PRESENT
        ? this.shape.changes(dialog, this.self.now())
        : this.shape.whole(dialog, this.self.now())
    written.state = UNSURE
    dialog.dflags &= ~(FLAG_NEW | FLAG_CHANGED | FLAG_CHANGED_VARIABLES)
    const run = async (db: DbStatements): Promise<void> => {
      const { table_name } = this.self.config
      if (before === UNSURE) await this.remove(db, dialog, true)
      if (before === PRESENT) await db.update(table_name, this.shape.ofDialog(dialog), cells)
      else await db.insert(table_name, cells)
      await this.writeVariables(db, dialog, old, variables)
    }
    return { dialog, written, before, variables, run }
  }

  private async writeVariables(
    db: DbStatements,
    dialog: Dialog,
    old: Written['variables'],
    now: Written['variables'],
  ): Promise<void> {
    const { vars_table_name: table } = this.self.config
    for (const [key, value] of now ?? []) {
      const before = old?.get(key)
      if (before === undefined) await db.insert(table, this.shape.variableCells(dialog, key, value))
      else if (before !== value)
        await db.update(table, this.shape.variable(dialog, key), this.shape.variableValue(value))
    }
    for (const key of old?.keys() ?? [])
      if (now?.has(key) !== true) await db.delete(table, this.shape.variable(dialog, key))
  }

  /** It will be tried again, unless it has changed once more meanwhile. */
  private giveBack(gone: readonly Dialog[], changed: readonly Dialog[]): void {
    for (const dialog of gone) if (!this.changes.has(dialog)) this.removals.add(dialog)
    for (const dialog of changed) if (!this.removals.has(dialog)) this.changes.add(dialog)
  }

  private complain(error: unknown, failure: Failure): void {
    const { log } = this.self.core
    if (!(error instanceof DbError)) log.write(L_BUG, 'dialog', log.emitted.stack(error))
    if (failure === 'of the database') {
      if (this.troubled) return
      this.troubled = true
    }
    this.self.error(`writing dialogs to the database failed: ${(error as Error).message}`)
  }
}

/** What is to be done about the rows of one dialog. */
interface Statement {
  readonly dialog: Dialog
  readonly written: Written
  /** Its state before. */
  readonly before: number
  /** The variables that are there afterwards; undefined: nothing is there afterwards. */
  readonly variables?: Written['variables']
  readonly run: (db: DbStatements) => Promise<void>
}

function failureOf(error: unknown): Failure {
  const failure = error instanceof DbError ? error.failure : 'statement'
  return failure === 'statement' || failure === 'duplicate' ? 'of one row' : 'of the database'
}

/** Takes the first ones out of a set. */
function take(from: Set<Dialog>, most: number): Dialog[] {
  const taken: Dialog[] = []
  for (const dialog of from) {
    if (taken.length === most) break
    taken.push(dialog)
    from.delete(dialog)
  }
  return taken
}

/** Its variables, the newest first as Kamailio writes them. What was removed is forgotten here. */
function snapshot(dialog: Dialog): ReadonlyMap<string, string> | null {
  const { variables } = dialog
  if (variables === null) return null
  const found: [string, string][] = []
  for (const [key, { value }] of variables)
    if (value === null) variables.delete(key)
    else found.push([key, value])
  return found.length === 0 ? null : new Map(found.reverse())
}
