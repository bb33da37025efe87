/** kamctl as a program. */
import { enableCompileCache } from 'node:module'

// The compiled form of our own files is kept between runs, so they are imported after this.
enableCompileCache()
const { connect } = await import('../rpc/client/connect.ts')
const { runTool } = await import('./process.ts')
const { runKamctl } = await import('./run.ts')

await runTool('kamctl', (io, argv) => runKamctl(io, argv, connect))
