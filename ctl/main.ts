/** kamctl as a program. */
import { connect } from '../rpc/client/connect.ts'
import { runTool } from './process.ts'
import { runKamctl } from './run.ts'

await runTool('kamctl', (io, argv) => runKamctl(io, argv, connect))
