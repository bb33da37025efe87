// How each of the real configurations beside the project fares here, as a table:
//   npm run --silent report:configs
import { readFileSync } from 'node:fs'
import { type RealVerdict, SUITE, stagesOf, suiteIsThere } from '../kit/config-suite.ts'

const RECORDED = new URL('../compat/configs/verdicts.json', import.meta.url)

const mark = (errors: readonly unknown[]): string =>
  errors.length === 0 ? 'ok' : `${errors.length} error${errors.length === 1 ? '' : 's'}`

if (!suiteIsThere) {
  console.error(`${SUITE.pathname} is not there: nothing to report`)
  process.exit(1)
}
const verdicts = JSON.parse(readFileSync(RECORDED, 'utf8')) as RealVerdict[]
const rows = [['file', 'Kamailio 5.6.3', 'read', 'parsed', 'checked', 'missing modules']]
const totals = { read: 0, parsed: 0, checked: 0, complete: 0 }
for (const { file, accepted, syntax } of verdicts) {
  const { read, parsed, checked, missing, unknown } = await stagesOf(file)
  const real = accepted ? 'accepted' : syntax === '' ? 'refused' : 'syntax error'
  const absent = [...missing, ...unknown.map(name => `${name} (unknown)`)]
  rows.push([file, real, mark(read), mark(parsed), mark(checked), absent.join(' ')])
  if (read.length === 0) totals.read++
  if (read.length + parsed.length === 0) totals.parsed++
  if (read.length + parsed.length + checked.length === 0) {
    totals.checked++
    if (absent.length === 0) totals.complete++
  }
}
const widths = rows[0]!.map((_, i) => Math.max(...rows.map(row => row[i]!.length)))
for (const row of rows)
  console.log(row.map((cell, i) => (i === 5 ? cell : cell.padEnd(widths[i]!))).join('  '))
console.log(
  `\n${verdicts.length} files: ${totals.read} read, ${totals.parsed} parsed, ` +
    `${totals.checked} checked, ${totals.complete} of them with all of their modules here`,
)
