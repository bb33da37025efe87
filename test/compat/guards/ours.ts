// Plays the stories with a node of ours.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Fault } from '../../../rpc/faults.ts'
import { TICK_MS } from '../../../server/lib/wheel.ts'
import { Bench } from '../../kit/bench.ts'
import { PEER_PORT, SERVER_PORT } from '../../kit/bench-ports.ts'
import {
  BASIC_MODULES,
  masked,
  messageOf,
  paramLines,
  routesOf,
  type Step,
  type Story,
  unmasked,
} from './story.ts'

/** Lets the runs come to their end that wait for a database or a file. */
async function settled({ core }: Bench): Promise<void> {
  while (core.routes.waiting > 0) await new Promise(done => setTimeout(done, 1))
}

/** Of values that repeat JSON's readers keep the last one. */
function asJson(kind: string, value: unknown): unknown {
  if (kind === 'several') return (value as unknown[]).at(-1)
  return kind === 'pairs' ? Object.fromEntries(value as [string, unknown][]) : value
}

class Player {
  private readonly folder = mkdtempSync(join(tmpdir(), 'guards-'))
  private readonly story: Story
  private bench!: Bench
  private now = Date.UTC(2026, 0, 1)

  constructor(story: Story) {
    this.story = unmasked(story, this.folder, SERVER_PORT, PEER_PORT)
  }

  async play(): Promise<Step[]> {
    const { story } = this
    try {
      for (const [name, text] of Object.entries(story.files ?? {})) this.write(name, text)
      if (story.sql !== undefined) this.sql(story.sql.join(';'))
      const began = this.now
      const clock = { now: () => this.now, monotonic: () => this.now - began }
      this.bench = await Bench.start(this.config(), clock)
      const done: Step[] = []
      for (const [number, step] of story.steps.entries()) done.push(await this.step(step, number))
      await this.bench.host.stop()
      return done
    } finally {
      rmSync(this.folder, { recursive: true })
    }
  }

  private config(): string {
    const modules = [...BASIC_MODULES, ...this.story.modules]
    const lines = modules.map(name => `loadmodule "${name}.so"\n`).join('')
    return `debug=0\n${lines}${paramLines(this.story)}${routesOf(this.story, '')}`
  }

  private write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text)
  }

  private sql(statements: string): void {
    const db = new DatabaseSync(join(this.folder, 'facts.db'))
    db.exec(statements)
    db.close()
  }

  private async step(step: Step, number: number): Promise<Step> {
    const { bench } = this
    if (step.file !== undefined) this.write(...step.file)
    if (step.sql !== undefined) this.sql(step.sql)
    if (step.pause !== undefined)
      for (const end = this.now + step.pause * 1000; this.now < end; this.now += TICK_MS)
        bench.core.timers.run()
    if (step.rpc !== undefined) return { ...step, told: await this.ask(step.rpc) }
    if (step.script === undefined) return step
    bench.lines.length = 0
    for (let i = 0; i < (step.times ?? 1); i++) {
      bench.receive(messageOf(step, number, PEER_PORT, SERVER_PORT))
      await settled(bench)
    }
    const marks = bench.lines
      .filter(({ text }) => text.includes('@@'))
      .map(({ text }) => this.masked(text.split('@@')[1]!.replace(/\n$/, '')))
    return { ...step, marks }
  }

  private masked(text: string): string {
    return masked(text, this.folder, SERVER_PORT, PEER_PORT)
  }

  private async ask([method, ...params]: (string | number)[]): Promise<unknown> {
    try {
      const strictness = { convert: false, skipWrongOptional: false }
      const caller = { transport: 'stream', strictness, connection: null } as const
      const { shape, value } = await this.bench.core.rpc.call(String(method), params, caller)
      const several = asJson(shape.kind, value)
      return JSON.parse(this.masked(JSON.stringify(several ?? {})))
    } catch (error) {
      if (!(error instanceof Fault)) throw error
      return { code: error.code, message: error.message }
    }
  }
}

export const playOurs = (story: Story): Promise<Step[]> => new Player(story).play()
