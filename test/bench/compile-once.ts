/**
 * Compiles one config in a process of its own and prints the milliseconds that it took, from the
 * text to its JavaScript; modules are imported before. Run by compile.ts.
 */
import { writeFileSync } from 'node:fs'
import coreSurface from '../../server/core/core.module.ts'
import { Registry } from '../../server/core/registry.ts'
import { modules } from '../../server/modules/index.ts'
import { compile, diagnosticsText, load } from '../../server/script/index.ts'

const [file = '', ...loaded] = process.argv.slice(2)
const registry = new Registry()
registry.add(coreSurface)
for (const name of loaded) registry.add((await modules[name]!()).default)

const start = performance.now()
const surroundings = { available: Object.keys(modules), allowMissing: false }
const { program, diagnostics } = compile(load(file), registry, surroundings)
const milliseconds = performance.now() - start
if (program === null) throw new Error(diagnosticsText(diagnostics))
if (process.env.EMITTED !== undefined) writeFileSync(process.env.EMITTED, program.text)
process.stdout.write(`${milliseconds}\n`)
