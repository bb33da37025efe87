// A core as boot makes it, without a config and without sockets: what parts of a node are tested
// on.
import { makeCore, type World } from '../../server/boot/make-core.ts'
import type { Core, Formats } from '../../server/core/core.ts'
import type { Network } from '../../server/core/network.ts'
import type { NodeOptions } from '../../server/core/options.ts'
import { defaultCoreParams } from '../../server/core/params.ts'
import { Registry } from '../../server/core/registry.ts'
import { Vars } from '../../server/core/vars.ts'
import { SeededRandom } from '../../server/lib/random.ts'

const OPTIONS: NodeOptions = {
  configFile: '/x.cfg',
  runDir: '/tmp',
  workDir: '/tmp',
  nodeName: 'n1',
  argv: [],
  pidFile: '',
  logToStderr: false,
  logColor: false,
}

/** Variables have no values. */
const FORMATS: Formats = {
  compile: text => () => text,
  pvar: text => ({ text, get: () => null, set: null }),
  target: text => ({ text, get: () => null, set: null }),
}

type Parts = Partial<Omit<World, 'options'>> & { options?: Partial<NodeOptions> }

/** The parts that a test says nothing about do nothing: no time passes, nothing is sent. */
export const plainCore = ({ options, ...parts }: Parts = {}): Core =>
  makeCore({
    clock: { now: () => 0, monotonic: () => 0 },
    random: new SeededRandom(1),
    options: { ...OPTIONS, ...options },
    params: defaultCoreParams(),
    registry: new Registry(),
    formats: FORMATS,
    vars: new Vars(),
    network: () => ({}) as Network,
    shutdown: () => {},
    ...parts,
  })
