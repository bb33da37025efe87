/** The drivers of a node and its open databases. */
import { BadValue } from '../module.ts'
import type { Database } from './api.ts'
import type { DbDriver } from './driver.ts'
import { readDbUrl } from './url.ts'

export class Databases {
  private readonly drivers = new Map<string, DbDriver>()

  /** Called by driver modules from their constructor. */
  add(driver: DbDriver): void {
    this.drivers.set(driver.scheme, driver)
  }

  /**
   * A module's database; to be called from its `start`, when all drivers are there. Modules that ask
   * for one URL share its sessions. Throws BadValue when the URL is none or its driver is not loaded.
   */
  open(text: string, _module: string): Database {
    const url = readDbUrl(text)
    const driver = this.drivers.get(url.scheme)
    if (driver === undefined)
      throw new BadValue(`Module db_${url.scheme} not found. Missing loadmodule?`)
    throw new BadValue(`db_${url.scheme} opens no database yet`)
  }

  /**
   * Compares the table's row in the table `version` with what the module expects and rejects with
   * Kamailio's sentence when it is another.
   */
  async checkVersion(db: Database, table: string, version: number): Promise<void> {
    const { rows } = await db.query({ table: 'version', columns: ['table_version'], where: [] })
    if (rows[0]?.[0] !== version) throw new BadValue(`invalid version for table ${table}`)
  }
}
