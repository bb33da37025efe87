/**
 * npm run bench -- compile: how long a config takes from its text to JavaScript, in a fresh process
 * each time, the median of several.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { longConfig } from './long-config.ts'
import { median } from './median.ts'

const ROUNDS = 9
const ONCE = new URL('compile-once.ts', import.meta.url).pathname

const folder = mkdtempSync(join(tmpdir(), 'compile-'))
const long = join(folder, 'long.cfg')
writeFileSync(long, longConfig(5000))

/** The modules that a config loads, in the order of their lines: #!ifdef is not looked at. */
const modulesOf = (file: string): string[] =>
  [...readFileSync(file, 'latin1').matchAll(/^loadmodule "(\w+)(?:\.so)?"/gm)].map(
    ([, name]) => name!,
  )

function measure(what: string, file: string, goal: number, loaded: string[]): boolean {
  const times = Array.from({ length: ROUNDS }, () =>
    Number(execFileSync(process.execPath, [ONCE, file, ...loaded], { encoding: 'utf8' })),
  )
  const lines = readFileSync(file, 'latin1').split('\n').length
  const value = median(times)
  const all = times.map(time => time.toFixed(0)).join(' ')
  process.stdout.write(
    `${what.padEnd(30)} ${lines} lines  ${value.toFixed(1)} ms (${all})  goal ${goal} ms\n`,
  )
  return value <= goal
}

/** What Debian's config loads when nothing is defined. */
const DEFAULT_MODULES = [
  ...['jsonrpcs', 'kex', 'corex', 'tm', 'tmx', 'sl', 'rr', 'pv', 'maxfwd', 'usrloc', 'registrar'],
  ...['textops', 'textopsx', 'siputils', 'xlog', 'sanity', 'ctl', 'cfg_rpc', 'acc', 'counters'],
]
const good = [
  measure("Debian's kamailio.cfg", '/etc/kamailio/kamailio.cfg', 60, DEFAULT_MODULES),
  measure('a generated config', long, 400, modulesOf(long)),
]
rmSync(folder, { recursive: true })
process.exitCode = good.every(Boolean) ? 0 : 1
