/** What every part of kamdbctl works with. */
import type { Database } from '../database/agent.ts'
import { type Account, type Engine, urlOf } from '../database/engine.ts'
import type { Settings } from '../database/rc.ts'
import { EXIT } from '../exit.ts'
import type { Io } from '../io.ts'
import { NobodyAnswers } from '../process.ts'
import { type Group, modulesOf, scriptOf } from './modules.ts'
import { Refused } from './refused.ts'
import { statementsOf } from './statements.ts'

/** A question was answered with no, or by nobody. */
export class Cancelled extends Error {
  readonly code: number = EXIT.cancelled
}

const isYes = (answer: string): boolean => /[yn]/i.exec(answer)?.[0].toLowerCase() === 'y'

export class Context {
  readonly io: Io
  readonly get: Settings
  readonly engine: Engine
  /** --yes: whatever is asked, the answer is yes. */
  private readonly yes: boolean
  /** The user who may do everything there; asked for once. */
  private owner: Account | null = null

  constructor(io: Io, get: Settings, engine: Engine, yes: boolean) {
    this.io = io
    this.get = get
    this.engine = engine
    this.yes = yes
  }

  info(text: string): void {
    this.io.out(`** INFO: ${text}\n`)
  }

  warn(text: string): void {
    this.io.err(`** WARNING: ${text}\n`)
  }

  debug(text: string): void {
    if (Number(this.get('VERBOSE')) > 0) this.io.out(`${text}\n`)
  }

  /** A question that has to be answered. */
  async certain(question: string): Promise<boolean> {
    return this.yes || isYes(await this.ask(question))
  }

  /** What kamctlrc may have answered already: yes, no or ask. Who says nothing says no. */
  async wants(setting: string, question: string): Promise<boolean> {
    if (this.yes) return true
    if (setting !== '' && setting !== 'ask') return isYes(setting)
    try {
      return isYes(await this.ask(question))
    } catch (error) {
      if (error instanceof Cancelled) return false
      throw error
    }
  }

  async ask(question: string, secret = false, way = 'repeat it with --yes'): Promise<string> {
    try {
      return await this.io.ask(question, secret)
    } catch (error) {
      if (!(error instanceof NobodyAnswers)) throw error
      throw new Cancelled(`nobody to ask: ${way}, or answer in kamctlrc`)
    }
  }

  /** Opens a database as its owner. */
  async asOwner<T>(database: string, work: (db: Database) => Promise<T>): Promise<T> {
    this.owner ??= await this.askOwner()
    const db = await this.io.openDatabase(urlOf(this.get, this.engine, this.owner, database))
    try {
      return await work(db)
    } finally {
      await db.close()
    }
  }

  private async askOwner(): Promise<Account> {
    const fallback = this.engine === 'postgres' ? 'postgres' : 'root'
    const user = this.get('DBROOTUSER') || fallback
    if (this.engine === 'sqlite' || this.engine === 'dbtext') return { user: '', password: '' }
    const known = this.get('DBROOTPW') || this.get('PGPASSWORD')
    if (known !== '' || this.get('DBROOTPWSKIP') !== '') return { user, password: known }
    if (this.yes) return { user, password: '' }
    const server = this.engine === 'mysql' ? 'MySQL' : 'PostgreSQL'
    const question = `${server} password for ${user}: `
    return { user, password: await this.ask(question, true, 'repeat it with --set DBROOTPW=...') }
  }

  /** Runs the scripts of a group of modules; `failure` says what went wrong, and where. */
  async load(
    db: Database,
    group: Group,
    step: (module: string) => string,
    failure: (module: string) => string,
  ): Promise<void> {
    for (const module of modulesOf(this.get, group)) {
      this.debug(step(module))
      await this.carryOut(db, scriptOf(this.engine, module), failure(module))
    }
  }

  async carryOut(db: Database, script: string, failure: string): Promise<void> {
    const statements = statementsOf(script).map(sql => ({ do: 'raw', sql }) as const)
    try {
      // MySQL takes no table back.
      if (this.engine !== 'mysql') await db.together(statements)
      else for (const statement of statements) await db.run(statement)
    } catch (error) {
      throw new Refused(`${failure} ${(error as Error).message}`)
    }
  }
}
