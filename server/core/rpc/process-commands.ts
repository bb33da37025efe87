/** `core.*` about the process: name, age, memory, command line. */
import type { processMethods } from '../../../rpc/contract/core.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { Handlers } from '../module/index.ts'
import { ctime, type CommandEnvironment } from './environment.ts'
import { memoryFacts } from './memory.ts'

const SIGTERM = 15
const UNITS: Record<string, number> = {
  b: 1,
  k: 1024,
  kb: 1024,
  m: 1024 ** 2,
  mb: 1024 ** 2,
  g: 1024 ** 3,
  gb: 1024 ** 3,
}
/** What Kamailio's `-v` calls flags and is true of us. */
const FLAGS = 'USE_TCP, USE_IPV6, DISABLE_NAGLE'
const compiler = (): string => `node ${process.version} (v8 ${process.versions.v8})`

const seconds = ({ core }: CommandEnvironment): number =>
  Math.floor((core.clock.now() - core.startedAt) / 1000)

/** One process does all the work; the runtime's own threads are not told apart. */
const DESCRIPTION = 'main process - event loop'

export const processHandlers: Handlers<CommandEnvironment, typeof processMethods> = {
  'core.version': ({ facts }) => `ohana ${facts.version} (${facts.platform}) `,
  'core.flags': () => FLAGS,
  'core.info': ({ facts }) => ({
    version: `ohana ${facts.version}`,
    id: 'unknown ',
    compiler: compiler(),
    compiled: '',
    flags: FLAGS,
  }),
  'core.runinfo': self => {
    const { core, facts } = self
    const age = seconds(self)
    const days = Math.floor(age / 86_400)
    const hours = Math.floor(age / 3600) % 24
    const minutes = Math.floor(age / 60) % 60
    return {
      name: 'ohana',
      version: facts.version,
      sourceid: 'unknown ',
      compiler: compiler(),
      compiled: '',
      time_now: ctime(core.clock.now()),
      time_started: ctime(core.startedAt),
      uptime_secs: age,
      utime_days: `${days}d ${hours}h ${minutes}m ${age % 60}s`,
    }
  },
  'core.uptime': self => ({
    now: ctime(self.core.clock.now()),
    up_since: ctime(self.core.startedAt),
    uptime: seconds(self),
  }),
  'core.ps': () => [process.pid, DESCRIPTION],
  'core.psx': () => [{ IDX: 0, PID: process.pid, DSC: DESCRIPTION }],
  'core.psa': () => [{ index: 0, pid: process.pid, status: 1, rank: 0, description: DESCRIPTION }],
  'core.pwd': () => [process.cwd()],
  'core.arg': ({ core }) => [...core.options.argv],
  'core.kill': ({ core }, signal = SIGTERM) => {
    // The reply leaves first: the caller learns that the signal was taken.
    core.log.notice('<core>', `signal ${signal} by core.kill`)
    setImmediate(() => {
      try {
        process.kill(process.pid, signal)
      } catch (error) {
        core.log.error('<core>', `core.kill: ${(error as Error).message}`)
      }
    })
  },
  'core.shmmem': (_, unit = 'b') => {
    const divisor = UNITS[unit]
    if (divisor === undefined) throw new Fault(500, 'bad param, (use b|k|m|g)')
    const facts = memoryFacts()
    const inUnits = (bytes: number): number => Math.floor(bytes / divisor)
    return {
      total: inUnits(facts.total),
      free: inUnits(facts.free),
      used: inUnits(facts.used),
      real_used: inUnits(facts.realUsed),
      max_used: inUnits(facts.maxUsed),
      fragments: facts.fragments,
    }
  },
}
