// Records stories with the real Kamailio and writes what it did into their files:
// node test/compat/guards/record.ts dispatcher pike ...
// Stories and steps are added by hand; what came of them is Kamailio's.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Kamailio } from '../registrar/kamailio.ts'
import {
  BASIC_MODULES,
  type Facts,
  masked,
  messageOf,
  paramLines,
  pathOf,
  PEER_PORT,
  readFacts,
  routesOf,
  SERVER_PORT,
  type Step,
  type Story,
  unmasked,
} from './story.ts'

const RPC = `  if ($rm == "MESSAGE" && $rU == "rpc") {
    jsonrpc_exec("$rb");
    set_reply_body("$jsonrpl(body)", "application/json");
    sl_send_reply("200", "OK");
    exit;
  }`

class Recorder {
  private readonly story: Story
  private readonly folder: string
  private kamailio!: Kamailio

  constructor(story: Story) {
    this.story = story
    this.folder = mkdtempSync(join(tmpdir(), 'guards-'))
  }

  async record(): Promise<Step[]> {
    const story = unmasked(this.story, this.folder, SERVER_PORT, PEER_PORT)
    for (const [name, text] of Object.entries(story.files ?? {})) this.write(name, text)
    if (story.sql !== undefined) this.sql(story.sql.join(';'))
    this.kamailio = await Kamailio.start({
      head: [`listen=udp:127.0.0.1:${SERVER_PORT} name "main"`],
      modules: [...BASIC_MODULES, 'jsonrpcs', ...story.modules],
      params: {},
      routes: paramLines(story) + routesOf(story, RPC),
      port: SERVER_PORT,
    })
    try {
      const done: Step[] = []
      for (const [number, step] of story.steps.entries()) {
        const played = await this.play(step, number)
        done.push({ ...this.story.steps[number]!, ...played })
      }
      return done
    } finally {
      await this.kamailio.stop()
      rmSync(this.folder, { recursive: true })
    }
  }

  private write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text)
  }

  private sql(statements: string): void {
    const db = new DatabaseSync(join(this.folder, 'facts.db'))
    db.exec(statements)
    db.close()
  }

  private async play(step: Step, number: number): Promise<Partial<Step>> {
    if (step.file !== undefined) this.write(...step.file)
    if (step.sql !== undefined) this.sql(step.sql)
    if (step.pause !== undefined) await pause(step.pause * 1000)
    if (step.rpc !== undefined) return { told: await this.ask(step.rpc) }
    if (step.script === undefined) return {}
    this.kamailio.takeLog()
    const marks: string[] = []
    for (let i = 0; i < (step.times ?? 1); i++) {
      const message = messageOf(step, number, PEER_PORT, SERVER_PORT)
      await this.kamailio.send(PEER_PORT, message, 15)
      marks.push(...(await this.nextMarks()))
    }
    return { marks: marks.map(mark => this.masked(mark)) }
  }

  /** Waits for the first mark, and then for no more. */
  private async nextMarks(): Promise<string[]> {
    const all: string[] = []
    for (let tries = 0; tries < 40; tries++) {
      const { marks, rest } = this.kamailio.takeLog()
      if (rest.length > 0) console.log(rest.join('\n'))
      all.push(...marks)
      if (all.length > 0 && marks.length === 0) break
      await pause(10)
    }
    return all
  }

  private masked(text: string): string {
    return masked(text, this.folder, SERVER_PORT, PEER_PORT)
  }

  private async ask([method, ...params]: (string | number)[]): Promise<unknown> {
    const body = JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 })
    const asked: Step = { method: 'MESSAGE', uri: 'sip:rpc@127.0.0.1', body }
    const message = messageOf(asked, 9999, PEER_PORT, SERVER_PORT)
    const [got] = await this.kamailio.send(PEER_PORT, message, 80)
    const answer = JSON.parse(got!.text.split('\r\n\r\n')[1]!) as Record<string, unknown>
    return JSON.parse(this.masked(JSON.stringify(answer['error'] ?? answer['result'])))
  }
}

for (const module of process.argv.slice(2).filter(word => word !== '--new')) {
  const facts: Facts = readFacts(module)
  for (const story of facts.stories) {
    const done = story.steps.every(
      ({ marks, told, script, rpc }) =>
        (script === undefined || marks !== undefined) && (rpc === undefined || told !== undefined),
    )
    if (done && process.argv[2] === '--new') continue
    console.log(`${module}: ${story.name}`)
    story.steps = await new Recorder(story).record()
    writeFileSync(pathOf(module), `${JSON.stringify(facts, null, 2)}\n`)
  }
}
