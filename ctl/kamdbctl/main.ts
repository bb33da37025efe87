/** kamdbctl as a program. */
import { enableCompileCache } from 'node:module'
import { runTool } from '../process.ts'

// The compiled form of our own files is kept between runs, so they are imported after this.
enableCompileCache()
await runTool('kamdbctl', async (io, argv) => {
  const { runKamdbctl } = await import('./run.ts')
  return runKamdbctl(io, argv)
})
