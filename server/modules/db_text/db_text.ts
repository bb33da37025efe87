/** The instance of db_text: a driver of the database port. */
import type { DbCapability } from '../../core/db/api.ts'
import { CAN_WITHOUT_TRANSACTIONS, type DbDriver, type DbSession } from '../../core/db/driver.ts'
import { shownUrl, type DbUrl } from '../../core/db/url.ts'
import { BadValue, type ModuleEnv } from '../../core/module/index.ts'
import type { params } from './db_text.module.ts'
import { TextFolder } from './folder.ts'

type Env = ModuleEnv<typeof params, {}>

/** Where folders are that are not named from the root on. */
const CONFIG_FOLDER = '/etc/kamailio/'

export class DbText implements DbDriver {
  readonly scheme = 'text'
  readonly can: ReadonlySet<DbCapability> = new Set([...CAN_WITHOUT_TRANSACTIONS, 'last_id'])
  readonly config: Env['config']
  readonly core: Env['core']
  readonly delimiter: string
  /** One for each folder, whichever way its URL is written: two would overwrite each other. */
  private readonly folders = new Map<string, TextFolder>()

  constructor({ core, config }: Env) {
    this.core = core
    this.config = config
    this.delimiter = readDelimiter(config.db_delim)
    core.databases.add(this)
  }

  open(url: DbUrl): DbSession {
    return this.folder(url)
  }

  folder(url: DbUrl): TextFolder {
    const named = url.text.slice(url.text.indexOf('://') + 3).replace(/\/+$/, '')
    if (named === '')
      throw new BadValue(`${shownUrl(url)} names no folder`, 'text:///absolute/path')
    const path = named.startsWith('/') ? named : `${CONFIG_FOLDER}${named}`
    const known = this.folders.get(path)
    if (known !== undefined) return known
    const { config } = this
    const made = new TextFolder(path, {
      delimiter: this.delimiter,
      emptyStrings: config.emptystring !== 0,
      fresh: config.db_mode !== 0,
      mostRows: config.max_result_rows,
    })
    this.folders.set(path, made)
    return made
  }

  /** Resolves when all changes are in the files. */
  async written(): Promise<void> {
    await Promise.all([...this.folders.values()].map(folder => folder.written()))
  }
}

/** One character, which has no meaning of its own in the files. */
function readDelimiter(text: string): string {
  const delimiter = text.charAt(0)
  if (delimiter === '' || /[\\\n\r\t0-9a-zA-Z]/.test(delimiter))
    throw new BadValue(`"${text}" cannot stand between two fields`, 'for example "|"')
  return delimiter
}
