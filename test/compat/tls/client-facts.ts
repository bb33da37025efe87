// What a node does as a client of TLS: which certificate it shows, and what it tells a server whose
// own is not good.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FOLDER } from './facts.ts'

/** Where the server of the stories listens. */
export const SERVER_IP = '127.0.0.2'
export const SERVER_PORT = 24_063

/** What the script asks for; '' where it asks for nothing. */
export interface Asked {
  readonly name: string
  readonly id: string
}

export interface Choice {
  /** tls.cfg, written as in profiles.json. */
  readonly file: string
  readonly asked: readonly Asked[]
  /** The common names that the server is shown, one for each; '' is none. */
  shown?: string[]
}

export interface Alert {
  /** Lines of [client:default] beside the authority. */
  readonly rules: string
  /** The certificate of the server. */
  readonly server: string
  readonly version: 'TLSv1.2' | 'TLSv1.3'
  /** The words of the alert, `served` when there is none. */
  told?: string
}

export interface ClientFacts {
  choices: Choice[]
  alerts: Alert[]
}

export const readClientFacts = (): ClientFacts =>
  JSON.parse(readFileSync(join(FOLDER, 'client.json'), 'utf8')) as ClientFacts
