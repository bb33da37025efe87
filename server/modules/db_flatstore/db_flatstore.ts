/** The instance of db_flatstore: a driver of the database port that only inserts. */
import type { DbCapability } from '../../core/db/api.ts'
import type { DbDriver, DbSession } from '../../core/db/driver.ts'
import { shownUrl, type DbUrl } from '../../core/db/url.ts'
import { BadValue, type ModuleEnv } from '../../core/module/index.ts'
import type { params } from './db_flatstore.module.ts'
import { FlatFolder } from './flat-folder.ts'

type Env = ModuleEnv<typeof params, {}>

export class DbFlatstore implements DbDriver {
  readonly scheme = 'flatstore'
  readonly can: ReadonlySet<DbCapability> = new Set<DbCapability>(['insert'])
  private readonly config: Env['config']
  private readonly core: Env['core']
  /** One for each folder, whichever way its URL is written: they write to the same files. */
  private readonly folders = new Map<string, FlatFolder>()

  constructor({ core, config }: Env) {
    this.config = config
    this.core = core
    core.databases.add(this)
  }

  open(url: DbUrl): DbSession {
    const path = url.text.slice(url.text.indexOf(':') + 1).replace(/^\/\/(?=.)|\/+$/g, '')
    if (!path.startsWith('/'))
      throw new BadValue(`${shownUrl(url)} names no folder`, 'flatstore:/absolute/path')
    const known = this.folders.get(path)
    if (known !== undefined) return known
    const made = new FlatFolder(path, this.config.encode_delimiter !== 0, this.core.log)
    this.folders.set(path, made)
    return made
  }

  /** Whoever renamed the files finds the next row in new ones. */
  async rotate(): Promise<void> {
    await Promise.all([...this.folders.values()].map(folder => folder.rotate()))
  }
}

export const rotate = (self: DbFlatstore): Promise<void> => self.rotate()
