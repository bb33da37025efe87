/** What the process itself is to be, of the command line and where that is silent of the config. */
import type { Compiled } from '../script/index.ts'
import type { CommandLine } from './options.ts'
import { makeParams } from './parameters.ts'

export interface ProcessSettings {
  readonly foreground: boolean
  readonly workDir: string
  readonly user: string
  readonly group: string
  /** Seconds that stopping may take; 0 any. */
  readonly exitTimeout: number
  /** 0 or less: as many as there may be. */
  readonly openFiles: number
  readonly noCoreFile: boolean
}

export function processSettings(line: CommandLine, { coreSettings }: Compiled): ProcessSettings {
  const params = makeParams(coreSettings)
  return {
    foreground: line.foreground || params.fork === 0,
    workDir: line.workDir || params.workdir,
    user: line.user || params.user,
    group: line.group || params.group,
    exitTimeout: params.exit_timeout,
    openFiles: params.open_files_limit,
    noCoreFile: params.disable_core_dump !== 0,
  }
}
