// Runs vitest with the words after `npm test --` and ends with the plain line "N passed, N failed".
import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The part of vitest's JSON report that is read here. */
type Report = {
  numPassedTests: number
  numFailedTests: number
  testResults: {
    name: string
    status: string
    assertionResults: { status: string; fullName: string }[]
  }[]
}

/** A word in a test file's path selects the file; any other selects tests by name. */
function selection(words: string[]): string[] {
  const files = globSync('test/**/*.test.{ts,tsx}')
  const named = (word: string) => !word.startsWith('-') && !files.some(file => file.includes(word))
  const names = words.filter(named)
  const rest = words.filter(word => !named(word))
  if (names.length === 0) return rest
  const pattern = names.map(word => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')
  // A scene's title needs no look into the other files.
  const scenes = globSync('test/scenario/*.call').map(file => file + readFileSync(file, 'utf8'))
  const onStage = names.every(word => scenes.some(scene => scene.includes(word)))
  return [`--testNamePattern=${pattern}`, ...(onStage ? ['test/scenario'] : []), ...rest]
}

function readReport(path: string): Report {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Report
  } catch (error) {
    console.error(`vitest left no report: ${String(error)}`)
    return { numPassedTests: 0, numFailedTests: 0, testResults: [] }
  }
}

/** The tests that failed, and the files that failed before their first test. */
function failures(report: Report): number {
  const broken = report.testResults.filter(
    file =>
      file.status === 'failed' && file.assertionResults.every(test => test.status !== 'failed'),
  )
  for (const file of broken) console.error(`failed as a whole: ${file.name}`)
  return report.numFailedTests + broken.length
}

function main(): number {
  const folder = mkdtempSync(join(tmpdir(), 'ohana-report-'))
  const path = join(folder, 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${path}`]
  const words = selection(process.argv.slice(2))
  const { status } = spawnSync('vitest', ['run', ...reporters, ...words], { stdio: 'inherit' })
  const report = readReport(path)
  rmSync(folder, { recursive: true })

  let failed = failures(report)
  if (status !== 0 && failed === 0) {
    console.error('vitest reports an error that belongs to no test (see above)')
    failed = 1
  }
  // A test whose data is absent does not run; its name says what is absent. With a name pattern all
  // tests that do not match count as skipped, which is no news.
  if (!words.some(word => word.startsWith('--testNamePattern')))
    for (const test of report.testResults.flatMap(file => file.assertionResults))
      if (test.status === 'skipped' || test.status === 'pending')
        console.log(`not run: ${test.fullName}`)
  console.log(`${report.numPassedTests} passed, ${failed} failed`)
  return failed === 0 && report.numPassedTests > 0 ? 0 : 1
}

process.exitCode = main()
