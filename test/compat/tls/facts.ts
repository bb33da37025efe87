// What tls.cfg says and which certificate a client is shown then: stories told by the real
// Kamailio.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Authority, type KeyPair } from '../../kit/certificates.ts'

export const FOLDER = import.meta.dirname

/** Where the node listens; the second one is for sections that name an address. */
export const PORTS = [24_061, 24_062] as const

export interface Fact {
  /** tls.cfg; `{a}` stands for the two lines with a's certificate and key. */
  readonly file: string
  /** Parameters of the module beside the file. */
  readonly params?: Readonly<Record<string, string>>
  /** Names that clients ask for; '' is a client that names nobody. */
  readonly names?: readonly string[]
  /** Does a node start with it? */
  starts?: boolean
  /** The common names of the certificates that are shown, by name and socket; '' is none. */
  shown?: string[][]
  /** What Kamailio wrote when it did not start. */
  log?: string[]
}

export const readFacts = (): Fact[] =>
  JSON.parse(readFileSync(join(FOLDER, 'profiles.json'), 'utf8')) as Fact[]

const NAMES = ['a', 'b', 'c', 'd'] as const

/** Certificates with the names that the stories use. */
export class Certificates {
  readonly authority = new Authority()
  private readonly stranger = new Authority('/CN=Nobody we know')
  private readonly pairs = new Map<string, KeyPair>()

  constructor() {
    for (const name of NAMES) this.pairs.set(name, this.authority.sign(name, `/CN=${name}`))
    this.authority.revoke(this.pair('gone'))
    this.authority.expiredList()
  }

  /** One for a server of the stories, made when it is asked for. */
  pair(name: string): KeyPair {
    let pair = this.pairs.get(name)
    if (pair === undefined) this.pairs.set(name, (pair = this.make(name)))
    return pair
  }

  private make(name: string): KeyPair {
    const { authority } = this
    if (name === 'late') return authority.sign(name, '/CN=late', '', -1)
    if (name === 'strange') return this.stranger.sign(name, '/CN=strange')
    if (name === 'deep') return authority.signWithIntermediate(name, '/CN=deep')
    return authority.sign(name, `/CN=${name}`)
  }

  remove(): void {
    this.authority.remove()
    this.stranger.remove()
  }

  /** The text of a story with the paths of this run. */
  text(file: string): string {
    return file
      .replace(/\{([a-d])\}/g, (_, name: string) => {
        const { certificate, key } = this.pairs.get(name)!
        return `certificate = ${certificate}\nprivate_key = ${key}`
      })
      .replaceAll('{folder}', this.authority.folder)
  }
}
