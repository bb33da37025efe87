// Reads a .call file: a chapter of scenes in which people send and get SIP messages through a
// server. The format is described in test/scenario/README.md.
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { PATIENCE_MS } from './patience.ts'

export type HeaderLine = {
  /** set: has this value; add: one more of that name; drop: is not there. */
  op: 'set' | 'add' | 'drop'
  name: string
  /** Which of several, from 1; 0 is any of them. */
  index: number
  value: string
}

export type Step = {
  line: number
  text: string
  kind: 'send' | 'get' | 'may get' | 'nothing' | 'close' | 'pause' | 'log' | 'rpc'
  who: string
  /** What is sent, got, looked for in the log or asked by RPC. */
  what: string
  /** The answer of an RPC. */
  answer: string
  headers: HeaderLine[]
  body: string[]
  /** The bounds of the time in which it comes, in milliseconds. */
  notBeforeMs: number
  withinMs: number
}

type PhoneKind = { transport: 'udp' | 'tcp'; host?: string }

export type Scene = {
  title: string
  phones: Map<string, PhoneKind>
  steps: Step[]
  /** What the real Kamailio does instead, where we follow the RFC and it does not. */
  kamailio: string
}

export type Chapter = {
  file: string
  title: string
  config: string
  defines: string[]
  host: string
  scenes: Scene[]
}

const HEAD = /^(config|define|host|phones|kamailio):\s*(.+)$/

/** Reads a chapter; a line that cannot be understood is an error with its place. */
export function readChapter(path: string): Chapter {
  const lines = readFileSync(path, 'utf8').split('\n')
  const chapter: Chapter = {
    file: basename(path),
    title: '',
    config: '',
    defines: [],
    host: '127.0.0.1',
    scenes: [],
  }
  const phones = new Map<string, PhoneKind>()
  let scene: Scene | null = null
  let step: Step | null = null
  for (const [at, raw] of lines.entries()) {
    const text = raw.trim()
    if (raw.startsWith('#') && !chapter.title) chapter.title = text.slice(1).trim()
    if (text === '' || raw.startsWith('#')) continue
    const head = HEAD.exec(text)
    if (raw.startsWith('== ')) {
      scene = { title: text.slice(3), phones: new Map(phones), steps: [], kamailio: '' }
      chapter.scenes.push(scene)
      step = null
    } else if (head?.[1] === 'kamailio' && scene) scene.kamailio = head[2] ?? ''
    else if (head) takeHead(chapter, scene?.phones ?? phones, head[1] ?? '', head[2] ?? '')
    else if (/^\s/.test(raw) && step) takeDetail(step, text)
    else if (scene) scene.steps.push((step = readStep(text, at + 1, path)))
    else throw new Error(`${path}:${at + 1}: a step before the first scene: ${text}`)
  }
  return chapter
}

function takeHead(chapter: Chapter, phones: Scene['phones'], key: string, value: string): void {
  if (key === 'config') chapter.config = value
  else if (key === 'define') chapter.defines.push(...value.split(/\s+/))
  else if (key === 'host') chapter.host = value
  else
    for (const item of value.split(/,\s*/)) {
      const [name = '', ...kinds] = item.split(/\s+/)
      const transport = kinds.includes('tcp') ? 'tcp' : 'udp'
      phones.set(name, kinds.includes('ipv6') ? { transport, host: '::1' } : { transport })
    }
}

/** The indented lines below a step: headers, or `|` and a line of the body. */
function takeDetail(step: Step, text: string): void {
  if (text.startsWith('|')) {
    step.body.push(text.slice(1).replace(/^ /, ''))
    return
  }
  const dropped = /^no ([\w-]+)(?:\[(\d+)\])?$/.exec(text)
  const header = /^(\+?)([\w-]+)(?:\[(\d+)\])?:\s*(.*)$/.exec(text)
  if (dropped)
    step.headers.push({
      op: 'drop',
      name: dropped[1] ?? '',
      index: Number(dropped[2] ?? 0),
      value: '',
    })
  else if (header)
    step.headers.push({
      op: header[1] === '+' ? 'add' : 'set',
      name: header[2] ?? '',
      index: Number(header[3] ?? 0),
      value: header[4] ?? '',
    })
  else step.answer += `${step.answer ? '\n' : ''}${text}`
}

function readStep(text: string, line: number, path: string): Step {
  const step: Step = {
    line,
    text,
    kind: 'pause',
    who: '',
    what: '',
    answer: '',
    headers: [],
    body: [],
    notBeforeMs: 0,
    withinMs: PATIENCE_MS,
  }
  const verb = /^(\w+)\s+(sends|gets|may get|closes)\s*(.*)$/.exec(text)
  const other = /^(after|log|rpc)\s+(.*)$/.exec(text)
  if (verb) readVerb(step, verb[1] ?? '', verb[2] ?? '', verb[3] ?? '')
  else if (other) readOther(step, other[1] ?? '', other[2] ?? '')
  else throw new Error(`${path}:${line}: not a step: ${text}`)
  return step
}

/** No scene can want it sooner than a busy machine may be. */
const patience = (time: string): number => Math.max(milliseconds(time), PATIENCE_MS)

function readVerb(step: Step, who: string, verb: string, rest: string): void {
  const kinds = { sends: 'send', gets: 'get', 'may get': 'may get', closes: 'close' } as const
  step.who = who
  step.kind = kinds[verb as keyof typeof kinds]
  step.what = rest
    .replace(/\s+within\s+(\S+)$/, (_, time: string) => ((step.withinMs = patience(time)), ''))
    .replace(
      /\s+after\s+(\S+)$/,
      (_, time: string) => ((step.notBeforeMs = milliseconds(time)), ''),
    )
  const nothing = /^nothing for (\S+)$/.exec(step.what)
  if (!nothing) return
  step.kind = 'nothing'
  step.withinMs = milliseconds(nothing[1] ?? '')
}

function readOther(step: Step, word: string, rest: string): void {
  if (word === 'after') step.withinMs = milliseconds(rest)
  else if (word === 'log') {
    step.kind = 'log'
    step.what = rest.replace(/^has\s+/, '')
  } else {
    step.kind = 'rpc'
    const [what = '', answer = ''] = rest.split(/\s*->\s*/)
    step.what = what
    step.answer = answer
  }
}

function milliseconds(time: string): number {
  const found = /^([\d.]+)(ms|s)$/.exec(time)
  if (!found) throw new Error(`not a time: ${time}`)
  return Number(found[1]) * (found[2] === 's' ? 1000 : 1)
}

/** A pattern of a script as a regular expression: * is anything, {=name} keeps a word for later. */
export function patternOf(pattern: string): RegExp {
  const parts = pattern.split(/(\*|\{=[\w-]+\})/)
  const source = parts.map(part => {
    if (part === '*') return '.*'
    const name = /^\{=([\w-]+)\}$/.exec(part)?.[1]
    if (name) return `(?<${name.replace(/-/g, '_')}>[^;,>\\s"]+)`
    return part.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+')
  })
  return new RegExp(`^${source.join('')}$`, 's')
}
