// Plays a scene of a .call file: opens the phones, does step after step, and at the end wants that
// no phone got anything that the scene does not tell.
import { setTimeout as pause } from 'node:timers/promises'
import { type HeaderLine, type Scene, type Step, patternOf } from './call-script.ts'
import { Caller } from './caller.ts'
import { Phone, type Received, bracket } from './phone.ts'
import type { SipServer } from './server.ts'
import { SipText } from './sip-text.ts'

/** How long the phones listen after the last step for what should not come. */
const SILENCE_MS = 100

export class Stage {
  readonly #server: SipServer
  readonly #callers = new Map<string, Caller>()
  readonly #words = new Map<string, string>()
  readonly #transcript: string[] = []
  readonly #start = Date.now()
  /** When somebody sent last: a timer of the server begins then, or later. */
  #sentAt = Date.now()

  constructor(server: SipServer) {
    this.#server = server
    this.#words.set('server', server.address)
    this.#words.set('server.ip', bracket(server.host))
    this.#words.set('server.port', String(server.port))
  }

  /** Plays all steps; the phones are closed at the end, whatever happened. */
  async play(scene: Scene, file: string): Promise<void> {
    try {
      for (const name of peopleOf(scene)) await this.#open(name, scene)
      for (const step of scene.steps) {
        try {
          await this.#do(step)
        } catch (error) {
          throw new Error(`${file}:${step.line}: ${step.text}\n${(error as Error).message}`, {
            cause: error,
          })
        }
      }
      await this.#expectSilence()
    } catch (error) {
      const log = this.#server.log.slice(-3000)
      throw new Error(`${(error as Error).message}\n\n${this.#transcript.join('\n')}\n${log}`, {
        cause: error,
      })
    } finally {
      await Promise.all([...this.#callers.values()].map(({ phone }) => phone.close()))
    }
  }

  async #open(name: string, scene: Scene): Promise<void> {
    const host = scene.phones.get(name)?.host ?? this.#server.host
    const phone = await Phone.open(scene.phones.get(name)?.transport, host)
    this.#callers.set(name, new Caller(name, phone, this.#server))
    this.#words.set(name, phone.address)
    this.#words.set(`${name}.ip`, bracket(host))
    this.#words.set(`${name}.port`, String(phone.port))
  }

  async #do(step: Step): Promise<void> {
    if (step.kind === 'pause') await pause(step.withinMs)
    else if (step.kind === 'log') await this.#expectLog(step)
    else if (step.kind === 'rpc') await this.#expectAnswer(step)
    else {
      const caller = this.#callers.get(step.who)
      if (!caller) throw new Error(`${step.who} is not in this scene`)
      if (step.kind === 'send') await this.#send(caller, step)
      else if (step.kind === 'get') await this.#expectMessage(caller, step)
      else if (step.kind === 'may get') await this.#allowMessage(caller, step)
      else if (step.kind === 'nothing') await this.#expectNothing(caller, step)
      else caller.phone.hangUp()
    }
  }

  async #send(caller: Caller, step: Step): Promise<void> {
    this.#sentAt = Date.now()
    const [first = '', second = '', ...rest] = this.#fill(step.what).split(/\s+/)
    const edits = step.headers.map(header => ({ ...header, value: this.#fill(header.value) }))
    const body = step.body.map(line => `${this.#fill(line)}\r\n`).join('')
    if (/^\d{3}$/.test(first)) {
      const { words, method } = statusOf([second, ...rest].join(' ').trim())
      const [request, text] = caller.reply(`${first} ${words}`.trim(), method, edits, body)
      this.#note(caller, 'sends', text)
      caller.remember(text)
      request.answer(text)
      return
    }
    const text = this.#request(caller, first, second, edits, body)
    this.#note(caller, 'sends', text)
    if (text !== '') caller.remember(text)
    await caller.phone.send(text, this.#server.host, this.#server.port)
  }

  /** `again`: the last message; `INVITE again`: the last INVITE; `raw`: what stands below. */
  #request(
    caller: Caller,
    first: string,
    second: string,
    edits: HeaderLine[],
    body: string,
  ): string {
    if (first === 'raw') return body
    if (first === 'again') return caller.sent.at(-1)?.text ?? ''
    if (second === 'again')
      return caller.sent.findLast(sent => sent.isRequest && sent.method === first)?.text ?? ''
    return caller.request(first, second, edits, body)
  }

  async #expectMessage(caller: Caller, step: Step): Promise<void> {
    const { head, again } = headOf(this.#fill(step.what))
    const fits = (got: Received) => got.again === again && head(got.message)
    const got = await caller.phone.take(fits, step.withinMs)
    if (!got) {
      const inbox = caller.phone.inbox.map(({ message }) => message.first).join(' | ')
      throw new Error(`did not come within ${step.withinMs} ms; waiting: ${inbox || 'nothing'}`)
    }
    this.#note(caller, 'gets', got.message.text)
    const waited = got.at - this.#sentAt
    if (step.notBeforeMs > 0 && waited < step.notBeforeMs)
      throw new Error(`came after ${waited} ms`)
    caller.take(got)
    caller.finished(got.message)
    for (const header of step.headers) this.#expectHeader(got.message, header)
    if (step.body.length === 0) return
    const body = step.body.map(line => `${this.#fill(line)}\r\n`).join('')
    if (!patternOf(body).test(got.message.body))
      throw new Error(`body is ${JSON.stringify(got.message.body)}`)
  }

  /** Takes what need not come. */
  async #allowMessage(caller: Caller, step: Step): Promise<void> {
    const { head } = headOf(this.#fill(step.what))
    const got = await caller.phone.take(({ message }) => head(message), SILENCE_MS)
    if (got) this.#note(caller, 'gets', got.message.text)
  }

  #expectHeader(message: SipText, { op, name, index, value }: HeaderLine): void {
    const all = message.all(name)
    const candidates = index > 0 ? all.slice(index - 1, index) : all
    if (op === 'drop') {
      if (candidates.length > 0) throw new Error(`${name} is ${candidates.join(', ')}`)
      return
    }
    const pattern = patternOf(this.#fill(value))
    const match = candidates.map(own => pattern.exec(own)).find(found => found !== null)
    if (!match) throw new Error(`${name} is ${candidates.join(', ') || 'not there'}`)
    for (const [key, word] of Object.entries(match.groups ?? {})) this.#words.set(key, word)
  }

  async #expectNothing(caller: Caller, step: Step): Promise<void> {
    const got = await caller.phone.take(() => true, step.withinMs)
    if (got) throw new Error(`got ${got.message.first}`)
  }

  async #expectLog(step: Step): Promise<void> {
    const source = patternOf(`*${this.#fill(step.what)}*`).source
    const found = await this.#server.logged(new RegExp(source.replace(/\.\*/g, '[^\\n]*'), 'm'))
    for (const [key, word] of Object.entries(found.groups ?? {})) this.#words.set(key, word)
  }

  async #expectAnswer(step: Step): Promise<void> {
    const output = await this.#server.rpc(...this.#fill(step.what).split(/\s+/))
    const wanted = this.#fill(step.answer).split('\n')
    for (const line of wanted)
      if (!patternOf(`*${line}*`).test(output)) throw new Error(`the answer is\n${output}`)
  }

  async #expectSilence(): Promise<void> {
    await pause(SILENCE_MS)
    const left = [...this.#callers.values()].flatMap(({ name, phone }) =>
      phone.inbox.filter(got => !got.again).map(({ message }) => `${name} got ${message.text}`),
    )
    if (left.length > 0) throw new Error(`At the end nobody expected this:\n${left.join('\n')}`)
  }

  /** Puts in addresses and kept words. */
  #fill(text: string): string {
    return text.replace(/\{([\w.-]+)\}/g, (_, name: string) => {
      const word = this.#words.get(name) ?? this.#words.get(name.replace(/-/g, '_'))
      if (word === undefined) throw new Error(`{${name}} is not known`)
      return word
    })
  }

  #note(caller: Caller, verb: string, text: string): void {
    const at = ((Date.now() - this.#start) / 1000).toFixed(3)
    this.#transcript.push(`[${at}] ${caller.name} ${verb}\n${text}`)
  }
}

/** Everybody whom a scene names: who acts, and whose address it mentions. */
function peopleOf(scene: Scene): Set<string> {
  const texts = scene.steps.flatMap(step => [
    step.what,
    ...step.headers.map(header => header.value),
    ...step.body,
  ])
  const words = texts.flatMap(text => [...text.matchAll(/\{(=?)([\w-]+)/g)])
  const kept = new Set(words.filter(word => word[1]).map(word => word[2] ?? ''))
  const mentioned = words.map(word => word[2] ?? '').filter(word => !kept.has(word))
  const acting = scene.steps.map(step => step.who).filter(Boolean)
  const people = new Set([...scene.phones.keys(), ...acting, ...mentioned])
  people.delete('server')
  return people
}

/** What a message must begin with: `200 OK to CANCEL`, `INVITE sip:*`, `INVITE again`. */
function headOf(what: string): { head: (message: SipText) => boolean; again: boolean } {
  const again = / again$/.test(what)
  const [first = '', ...rest] = what.replace(/ again$/, '').split(/\s+/)
  if (!/^\d{3}$/.test(first)) {
    const uri = patternOf(rest.join(' ') || '*')
    return {
      again,
      head: message => message.isRequest && message.method === first && uri.test(message.uri),
    }
  }
  const { words, method } = statusOf(rest.join(' '))
  const reason = patternOf(words || '*')
  return {
    again,
    head: message =>
      message.status === Number(first) &&
      reason.test(message.first.slice('SIP/2.0 200 '.length)) &&
      (method === '' || message.method === method),
  }
}

/** What follows a status code: a reason phrase and, after "to", the method that it answers. */
function statusOf(text: string): { words: string; method: string } {
  const [, words = '', method = ''] = /^(.*?)(?:(?:^| )to ([A-Z]+))?$/.exec(text) ?? []
  return { words, method }
}
