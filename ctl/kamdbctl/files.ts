/** Databases that are files: one of SQLite, a folder of db_text. */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { createOptional, createStandard } from './create.ts'
import type { Whole } from './database.ts'
import { modulesOf, scriptOf, tablesIn, textFolder } from './modules.ts'
import { Refused } from './refused.ts'

export const sqlite: Whole = {
  async create(context, path) {
    context.info(`creating database ${path} ...`)
    mkdirSync(dirname(path), { recursive: true })
    await context.asOwner(path, async db => {
      await createStandard(context, db, path)
      await createOptional(context, db, path)
    })
  },
  async drop(context, path) {
    if (!existsSync(path)) throw new Refused(`Dropping database ${path} failed! There is none`)
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(path + end, { force: true })
    context.info(`Database ${path} dropped`)
  },
}

/** Names of the tables that modules have; the scripts of SQLite know them. */
const tableNames = (modules: readonly string[]): string[] =>
  modules.flatMap(module => tablesIn(scriptOf('sqlite', module)).map(({ name }) => name))

/** The tables of a group that are not there yet. */
export function addTextTables(path: string, modules: readonly string[]): void {
  mkdirSync(path, { recursive: true })
  for (const name of tableNames(modules)) {
    const file = join(path, name)
    if (existsSync(file)) throw new Refused(`Creating core tables failed! ${file} is there already`)
    copyFileSync(join(textFolder(), name), file)
  }
}

export const dbtext: Whole = {
  async create(context, path) {
    const { get } = context
    context.info(`creating DBTEXT tables at: ${path} ...`)
    addTextTables(path, modulesOf(get, 'STANDARD_MODULES'))
    const presence = 'Install presence related tables? (y/n): '
    if (await context.wants(get('INSTALL_PRESENCE_TABLES'), presence)) {
      context.info(`creating DBTEXT presence tables at: ${path} ...`)
      addTextTables(path, modulesOf(get, 'PRESENCE_MODULES'))
    }
    const extra = modulesOf(get, 'EXTRA_MODULES')
    const question = `Install tables for ${extra.join(' ')}? (y/n): `
    if (await context.wants(get('INSTALL_EXTRA_TABLES'), question)) {
      context.info(`creating DBTEXT extra tables at: ${path} ...`)
      addTextTables(path, extra)
    }
  },
  async drop(context, path) {
    context.info(`DBTEXT ... erasing all files at: ${path}`)
    if (!existsSync(path)) throw new Refused(`Dropping database ${path} failed! There is none`)
    // Only what is a table: a wrong DB_PATH must not cost a folder.
    for (const entry of readdirSync(path, { withFileTypes: true }))
      if (entry.isFile() && isTextTable(join(path, entry.name))) rmSync(join(path, entry.name))
    if (readdirSync(path).length === 0) rmdirSync(path)
    else context.warn(`${path} has other files and stays`)
  },
}

const isTextTable = (file: string): boolean =>
  /^(\w+\((int|string|str|double|datetime|time|blob)(,\w+)*\) ?)+$/.test(
    readFileSync(file, 'latin1').split('\n', 1)[0] ?? '',
  )
