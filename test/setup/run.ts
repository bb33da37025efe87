// Runs vitest with the words after `npm test --` and ends with the plain line "N passed, N failed".
import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

/** The part of vitest's JSON report that is read here. */
type Report = {
  testResults: {
    name: string
    status: string
    assertionResults: { status: string; fullName: string }[]
  }[]
}

type Run = { report: Report; ok: boolean }

/**
 * So many failed files of a whole run are looked at once more; when more fail, it is no accident.
 */
const SECOND_LOOK = 5

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
    return { testResults: [] }
  }
}

function runVitest(words: string[]): Run {
  const folder = mkdtempSync(join(tmpdir(), 'ohana-report-'))
  const path = join(folder, 'report.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${path}`]
  const { status } = spawnSync('vitest', ['run', ...reporters, ...words], { stdio: 'inherit' })
  const report = readReport(path)
  rmSync(folder, { recursive: true })
  return { report, ok: status === 0 }
}

const testsOf = (report: Report): { status: string; fullName: string }[] =>
  report.testResults.flatMap(file => file.assertionResults)

const failedFiles = (report: Report): string[] =>
  report.testResults
    .filter(file => file.status === 'failed')
    .map(file => relative(process.cwd(), file.name))

/**
 * Runs the few files that failed once more, alone: the tests start hundreds of programs that keep
 * real time, and another program may have taken the processor. What fails twice has failed; what
 * does not is named, and is to be mended too (docs/decisions/0025).
 */
function lookAgain(first: Run): Run {
  const files = failedFiles(first.report)
  if (files.length === 0 || files.length > SECOND_LOOK) return first
  console.log(`once more, alone: ${files.join(' ')}`)
  const second = runVitest(['--no-file-parallelism', ...files])
  const failed = failedFiles(second.report)
  for (const file of files) if (!failed.includes(file)) console.log(`unstable: ${file}`)
  const others = first.report.testResults.filter(
    ({ name }) => !files.includes(relative(process.cwd(), name)),
  )
  return {
    report: { testResults: [...others, ...second.report.testResults] },
    ok: second.ok && second.report.testResults.length === files.length,
  }
}

/** The tests that failed, and the files that failed before their first test. */
function failures(report: Report): number {
  const failed = testsOf(report).filter(test => test.status === 'failed').length
  const broken = report.testResults.filter(
    file =>
      file.status === 'failed' && file.assertionResults.every(test => test.status !== 'failed'),
  )
  for (const file of broken) console.error(`failed as a whole: ${file.name}`)
  return failed + broken.length
}

function main(): number {
  const words = selection(process.argv.slice(2))
  const first = runVitest(words)
  const { report, ok } = words.length === 0 ? lookAgain(first) : first

  let failed = failures(report)
  if (!ok && failed === 0) {
    console.error('vitest reports an error that belongs to no test (see above)')
    failed = 1
  }
  const tests = testsOf(report)
  // A test whose data is absent does not run; its name says what is absent. With a name pattern all
  // tests that do not match count as skipped, which is no news.
  if (!words.some(word => word.startsWith('--testNamePattern')))
    for (const test of tests)
      if (test.status === 'skipped' || test.status === 'pending')
        console.log(`not run: ${test.fullName}`)
  const passed = tests.filter(test => test.status === 'passed').length
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0 && passed > 0 ? 0 : 1
}

process.exitCode = main()
