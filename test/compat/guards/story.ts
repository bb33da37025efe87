// Stories of modules that guard and spread traffic: what a script does with messages and what an
// operator asks meanwhile, as the real Kamailio has shown.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

export const FOLDER = import.meta.dirname

/** Ports of the recorder; in stories they are written PORT and PEER. */
export const SERVER_PORT = 27560
export const PEER_PORT = 27570

export interface Step {
  /** Statements that run for a message; mark(...) writes down values. */
  script?: string
  /** The message, where it is not the usual one. */
  method?: string
  uri?: string
  from?: string
  to?: string
  callId?: string
  headers?: string[]
  body?: string
  /** It is a reply with this status. */
  status?: string
  /** Send it so often. */
  times?: number
  /** An RPC command with its parameters. */
  rpc?: (string | number)[]
  /** Seconds that pass. */
  pause?: number
  /** A file is written anew. */
  file?: [name: string, text: string]
  /** The database is changed. */
  sql?: string
  /** Recorded: what was marked. */
  marks?: string[]
  /** Recorded: what was answered. */
  told?: unknown
}

export interface Story {
  name: string
  modules: string[]
  params: Record<string, Record<string, string | number | string[]>>
  /** Files in a folder that params and steps name FOLDER. */
  files?: Record<string, string>
  /** Statements for FOLDER/facts.db. */
  sql?: string[]
  blocks?: string
  steps: Step[]
}

export interface Facts {
  origin: string
  stories: Story[]
}

export const pathOf = (module: string): string => join(FOLDER, `${module}.json`)
export const readFacts = (module: string): Facts =>
  JSON.parse(readFileSync(pathOf(module), 'utf8')) as Facts

export const BASIC_MODULES = ['kex', 'tm', 'sl', 'pv', 'xlog', 'textops', 'textopsx']

/** A list is as many lines. */
export const paramLines = ({ params }: Story): string =>
  Object.entries(params)
    .flatMap(([module, values]) =>
      Object.entries(values).flatMap(([name, value]) =>
        [value].flat().map(one => `modparam("${module}", "${name}", ${JSON.stringify(one)})\n`),
      ),
    )
    .join('')

/** `mark($du, $rc)` is a line of the log with the values. */
const marking = (script: string): string =>
  script.replace(/\bmark\(([^;]*)\);/g, (_all, values: string) => {
    const list = values.split(',').map(value => value.trim())
    return `xlog("L_ALERT", "@@${list.join('|')}\\n");`
  })

/** The routes of a story: each step finds its statements by its header. */
export function routesOf({ steps, blocks = '' }: Story, beforeAll: string): string {
  const branches = steps.flatMap(({ script, status }, number) =>
    script === undefined || status !== undefined
      ? []
      : [`  if ($hdr(X-Step) == "${number}") { ${marking(script)} exit; }`],
  )
  const replies = steps.flatMap(({ script, status }, number) =>
    script === undefined || status === undefined
      ? []
      : [`  if ($hdr(X-Step) == "${number}") { ${marking(script)} drop; }`],
  )
  const onReply = replies.length === 0 ? '' : `reply_route {\n${replies.join('\n')}\n}\n`
  const route = `request_route {\n${beforeAll}\n${branches.join('\n')}\n}\n`
  return `${route}${onReply}${marking(blocks)}`
}

export function messageOf(step: Step, number: number, peer: number, server: number): string {
  const method = step.method ?? 'INVITE'
  const first =
    step.status === undefined
      ? `${method} ${step.uri ?? 'sip:bob@example.org'} SIP/2.0`
      : `SIP/2.0 ${step.status}`
  const own =
    step.status === undefined
      ? []
      : [`Via: SIP/2.0/UDP 127.0.0.1:${server};branch=z9hG4bKother${number}`]
  return [
    first,
    ...own,
    `Via: SIP/2.0/UDP 127.0.0.1:${peer};branch=z9hG4bKguard${number}`,
    `From: ${step.from ?? '<sip:alice@example.org>'};tag=f1`,
    `To: ${step.to ?? '<sip:bob@example.org>'}`,
    `Call-ID: ${step.callId ?? `call${number}`}`,
    `CSeq: 1 ${method}`,
    `X-Step: ${number}`,
    ...(step.headers ?? []),
    `Content-Length: ${(step.body ?? '').length}`,
    '',
    step.body ?? '',
  ].join('\r\n')
}

/** Ports and folders of a run, as stories write them; and seconds that are counted down. */
export const masked = (text: string, folder: string, server: number, peer: number): string =>
  text
    .replaceAll(folder, 'FOLDER')
    .replaceAll(`:${server}`, ':PORT')
    .replaceAll(`:${peer}`, ':PEER')
    .replace(/("expires":)\d+/g, '$10')

export const unmasked = <T>(value: T, folder: string, server: number, peer: number): T =>
  JSON.parse(
    JSON.stringify(value)
      .replaceAll('FOLDER', folder)
      .replaceAll(':PORT', `:${server}`)
      .replaceAll(':PEER', `:${peer}`),
  ) as T
