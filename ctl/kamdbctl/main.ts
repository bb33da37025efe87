/** kamdbctl as a program. */
import { runTool } from '../process.ts'
import { runKamdbctl } from './run.ts'

await runTool('kamdbctl', runKamdbctl)
