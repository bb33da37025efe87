// Writes templates/db from the declarations of the tables: `npm run schemas`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { schemaFiles } from '../../server/core/db/schema-files.ts'

rmSync('templates/db', { recursive: true, force: true })
for (const [path, text] of schemaFiles()) {
  mkdirSync(dirname(`templates/db/${path}`), { recursive: true })
  writeFileSync(`templates/db/${path}`, text)
}
