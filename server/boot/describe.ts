/** `--describe`: the inventory of this build as one JSON text. */
import coreSurface from '../core/core.module.ts'
import { modules } from '../modules/index.ts'
import { write } from './complain.ts'
import { inventoryOf } from './inventory.ts'
import { version } from './version.ts'

const STDOUT = 1

export async function describe(): Promise<number> {
  const loaded = await Promise.all(Object.values(modules).map(load => load()))
  const surfaces = loaded.map(({ default: surface }) => surface)
  write(STDOUT, JSON.stringify(inventoryOf(coreSurface, surfaces, version), null, 2))
  return 0
}
