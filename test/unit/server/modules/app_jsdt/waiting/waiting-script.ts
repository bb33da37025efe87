// A script in a sandbox with a KSR of three functions: slow() waits for a turn of the loop and
// gives its argument, quick() gives it at once, tell() writes it down.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect } from 'vitest'
import { Execution } from '../../../../../../server/core/kemi/execution.ts'
import { systemClock } from '../../../../../../server/lib/clock.ts'
import { Sandbox } from '../../../../../../server/modules/app_jsdt/sandbox.ts'
import { MAIN } from '../../../../../../server/modules/app_jsdt/source.ts'
import { AWAITS, WAITS } from '../../../../../../server/modules/app_jsdt/waiting/names.ts'
import {
  type ScriptSteps,
  WaitSlot,
} from '../../../../../../server/modules/app_jsdt/waiting/slot.ts'
import type { SipMessage } from '../../../../../../server/sip/message.ts'

type Form = (...args: unknown[]) => ScriptSteps

const parent = mkdtempSync(join(tmpdir(), 'waiting-'))
afterAll(() => rmSync(parent, { recursive: true }))

export class WaitingScript {
  readonly told: string[] = []
  readonly warnings: string[] = []
  /** How often it has waited, and how often it could not. */
  waits = 0
  refusals = 0
  readonly sandbox: Sandbox
  readonly folder = mkdtempSync(join(parent, 'script-'))
  private readonly slot = new WaitSlot()
  private readonly execution = new Execution(systemClock)

  /** The first file is the script. `waiting`: does slow() wait, or give its argument at once? */
  constructor(files: Record<string, string>, waiting = true) {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true })
      writeFileSync(join(this.folder, name), text)
    }
    const { execution, slot } = this
    const warn = (text: string): unknown =>
      this.warnings.push(text.replaceAll(`${this.folder}/`, ''))
    const t = {
      slow: waiting ? this.slow() : (value: unknown) => value,
      quick: (value: unknown) => value,
      tell: this.tell,
    }
    this.sandbox = new Sandbox({
      ksr: { t },
      console: {},
      execution,
      modules: true,
      warn,
      waiting: new Set(waiting ? ['t.slow'] : []),
      slot,
    })
    const outer = execution.load()
    try {
      this.sandbox.load(join(this.folder, Object.keys(files)[0]!), MAIN)
    } finally {
      execution.loaded(outer)
    }
  }

  private readonly tell = (...values: unknown[]): void => {
    this.told.push(values.join(' '))
  }

  private slow(): unknown {
    const refuse = (): string => {
      this.refusals++
      return 'refused'
    }
    const form = (value: unknown): unknown => {
      this.waits++
      const later = (): never => value as never
      return this.slot.put(Promise.resolve(1), later, refuse as () => never)
    }
    return Object.defineProperty(refuse, WAITS, { value: form })
  }

  /** Runs a function to its end; gives what it returns. */
  async run(name: string, ...args: unknown[]): Promise<unknown> {
    const fn = this.sandbox.find(name) as unknown as Record<string, Form> & Form
    const form = fn[WAITS] ?? fn[AWAITS]
    this.execution.enter({} as SipMessage)
    if (form === undefined) return fn(...args)
    const steps = form(...args)
    let step = steps.next()
    while (step.done !== true) {
      const { promise, goOn } = this.slot.take()
      step = goOn(steps, await promise)
    }
    return step.value
  }
}

/** A script that waits, and the same where slow() does not. */
export class Twins {
  private readonly waiting: WaitingScript
  private readonly plain: WaitingScript

  constructor(files: Record<string, string>) {
    this.waiting = new WaitingScript(files)
    this.plain = new WaitingScript(files, false)
  }

  /** What a function tells in both, having waited in one of them wherever it had to. */
  async told(name: string): Promise<string[]> {
    const { waiting, plain } = this
    for (const each of [waiting, plain]) each.told.length = 0
    waiting.waits = 0
    waiting.refusals = 0
    await waiting.run(name)
    await plain.run(name)
    expect(plain.told.length).toBeGreaterThan(0)
    expect(waiting.told).toEqual(plain.told)
    expect(waiting.warnings).toEqual([])
    expect(waiting.refusals).toBe(0)
    expect(waiting.waits).toBeGreaterThan(0)
    return [...waiting.told]
  }
}
