/** RADIUS as modules use it: the files that name servers and attributes, and a client to them. */
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { RadiusClient, type RadiusServer } from '../lib/radius/client.ts'
import {
  type RadiusConfig,
  RadiusConfigError,
  readRadiusConfig,
  type ServerAddress,
} from '../lib/radius/config.ts'
import { type AttributeName, Dictionary, DictionaryError } from '../lib/radius/dictionary.ts'
import { Datagrams } from '../net/datagrams.ts'
import { UDP } from '../sip/transport.ts'
import type { Core } from './core.ts'
import { BadValue } from './module/index.ts'

/** What `radius_config` names; for a module of this name. */
export class Radius {
  readonly config: RadiusConfig
  readonly dictionary = new Dictionary()
  private readonly module: string

  /** Throws BadValue when a file is not there or says something wrong. */
  constructor(path: string, module: string) {
    this.module = module
    const read = (file: string): string => readFileSync(file, 'latin1')
    try {
      this.config = readRadiusConfig(path, read)
      this.dictionary.load(this.config.dictionary, read)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      const ours = error instanceof RadiusConfigError || error instanceof DictionaryError
      if (!ours && code === undefined) throw error
      throw new BadValue(`${module}: radius_config: ${(error as Error).message}`)
    }
  }

  /** Throws BadValue, in Kamailio's words, when the dictionary does not have it. */
  attribute(name: string): AttributeName {
    const found = this.dictionary.attribute(name)
    if (found !== null) return found
    throw new BadValue(
      `${this.module}: can't get code for the ${name} attribute`,
      `${this.config.dictionary} has to have it, or a file that it includes`,
    )
  }

  value(attribute: string, name: string): number {
    const found = this.dictionary.value(attribute, name)
    if (found !== null) return found
    throw new BadValue(
      `${this.module}: can't get code for the ${name} attribute value`,
      `${this.config.dictionary} has to have it: VALUE ${attribute} ${name} and its number`,
    )
  }

  /**
   * A client to these servers of the config. Names are resolved once; one that does not resolve is
   * left out and told of. Rejects with BadValue when none is left.
   */
  async connect(core: Core, addresses: readonly ServerAddress[]): Promise<RadiusClient> {
    const { config, module } = this
    const servers: RadiusServer[] = []
    for (const { host, port, secret } of addresses) {
      const ip = await addressOf(core, host, port)
      if (ip !== null) servers.push({ ip, port, secret })
      else core.log.error(module, `the RADIUS server ${host} has no address`)
    }
    if (servers.length === 0)
      throw new BadValue(`${module}: radius_config names no server that can be reached`)
    return new RadiusClient(servers, config, {
      open: receive => new Datagrams(config.bind, receive),
      timers: core.timers,
      now: () => core.clock.monotonic(),
      authenticator: () => randomBytes(16),
    })
  }
}

const addressOf = (core: Core, host: string, port: number): Promise<string | null> =>
  new Promise(done =>
    core.network.resolve(host, port, UDP, false, found => done(found?.ip ?? null)),
  )
