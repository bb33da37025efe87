/** kamdbctl as a program. */
import { enableCompileCache } from 'node:module'

// The compiled form of our own files is kept between runs, so they are imported after this.
enableCompileCache()
const { runTool } = await import('../process.ts')
const { runKamdbctl } = await import('./run.ts')

await runTool('kamdbctl', runKamdbctl)
