/** kamctl as a program. */
import { enableCompileCache } from 'node:module'
import { runTool } from './process.ts'

// The compiled form of our own files is kept between runs, so they are imported after this.
enableCompileCache()
await runTool('kamctl', async (io, argv) => {
  const { connect } = await import('../rpc/client/connect.ts')
  const { runKamctl } = await import('./run.ts')
  return runKamctl(io, argv, connect)
})
