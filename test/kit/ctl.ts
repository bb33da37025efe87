// kamctl without a process: what it prints where, and its exit code.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { stringify } from 'yaml'
import type { Io } from '../../ctl/io.ts'
import { runKamctl } from '../../ctl/run.ts'
import type { Environment } from '../../rpc/fleet/fleet-file.ts'
import { openInProcess } from './database-in-process.ts'
import { START_MS, type FakeFleet } from './fake-node.ts'

export type CtlOptions = {
  environment?: Environment
  /** Width of the terminal; none when left out. */
  columns?: number
  /** What is typed when a question comes. */
  answer?: string
  env?: Record<string, string>
  stop?: AbortSignal
}

export type CtlResult = { code: number; out: string; err: string; questions: string[] }

/** A folder that is gone after the test. */
export function folderForTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ohana-ctl-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Writes the fleet file of fake nodes; returns its path. */
export function fleetFile(fleet: FakeFleet, environment: Environment = 'dev'): string {
  const path = join(folderForTest(), 'fleet.yaml')
  writeFileSync(path, stringify({ fleet: 'testing', nodes: fleet.rows(environment) }))
  return path
}

/** Runs `kamctl WORDS` over all nodes of the fleet. */
export async function kamctl(
  fleet: FakeFleet,
  words: readonly string[],
  options: CtlOptions = {},
): Promise<CtlResult> {
  const file = fleetFile(fleet, options.environment)
  return kamctlAlone(fleet, words, { ...options, env: { KAMCTL_FLEET: file, ...options.env } })
}

/** Runs `kamctl WORDS` with nothing but the environment given. */
export async function kamctlAlone(
  fleet: FakeFleet,
  words: readonly string[],
  options: CtlOptions = {},
): Promise<CtlResult> {
  const result = { code: 0, out: '', err: '', questions: [] as string[] }
  const io: Io = {
    env: options.env ?? {},
    columns: options.columns ?? null,
    style: { colour: false, ascii: false },
    canAsk: options.answer !== undefined,
    out: text => void (result.out += text),
    err: text => void (result.err += text),
    ask: async question => {
      result.questions.push(question)
      return options.answer ?? ''
    },
    openDatabase: openInProcess,
    now: () => START_MS,
    stop: options.stop ?? new AbortController().signal,
  }
  result.code = await runKamctl(io, words, fleet.connect)
  return result
}
