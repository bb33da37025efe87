/**
 * What was called otherwise, moved or went away between SER, OpenSER, OpenSIPS and today's
 * Kamailio: a sentence each for the one who meets it in an old config.
 */
import history from './history.json' with { type: 'json' }

type Table = Readonly<Record<string, string>>

const find = (table: Table, name: string): string =>
  Object.hasOwn(table, name) ? table[name]! : ''

/** '' when nothing is known of it, as of the others. */
export const formerModule = (name: string): string => find(history.modules, name)
export const formerFunction = (name: string): string => find(history.functions, name)
export const formerParam = (module: string, name: string): string =>
  find(history.params, `${module}.${name}`)
export const formerCoreParam = (name: string): string => find(history.core, name)
