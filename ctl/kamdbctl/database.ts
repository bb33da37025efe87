/** What kamdbctl does to a database as a whole; each kind of database does it its own way. */
import type { Context } from './context.ts'

export interface Whole {
  /** Database, users, tables. */
  create(context: Context, name: string): Promise<void>
  drop(context: Context, name: string): Promise<void>
  /** The empty database alone. */
  createEmpty?(context: Context, name: string): Promise<void>
  grant?(context: Context, name: string): Promise<void>
  revoke?(context: Context, name: string): Promise<void>
  /** After tables were added. */
  allowTables?(context: Context, name: string): Promise<void>
}
