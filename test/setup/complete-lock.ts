// Completes package-lock.json: node test/setup/complete-lock.ts
//
// npm leaves an optional package out of the lock file when the registry at hand does not carry it
// (a binary for another platform), and then `npm ci` refuses the lock file as out of step. What is
// missing is added with its version and its platform, read from its name; npm never fetches it
// where the platform differs.
import { readFileSync, writeFileSync } from 'node:fs'

type Locked = {
  version?: string
  cpu?: string[]
  dev?: boolean
  libc?: string[]
  optional?: boolean
  os?: string[]
  optionalDependencies?: Record<string, string>
}

type Lock = { packages: Record<string, Locked> }

const SYSTEMS = 'aix android darwin freebsd linux netbsd openbsd openharmony sunos win32'.split(' ')
const PROCESSORS = 'arm64 arm ia32 loong64 ppc64 riscv64 s390x wasm32 x64'.split(' ')

/** The optional packages that the lock file names and does not hold. */
export function missingFrom(lock: Lock): [name: string, version: string, dev: boolean][] {
  const held = new Set(
    Object.keys(lock.packages).map(path => path.replace(/^.*node_modules\//, '')),
  )
  return Object.values(lock.packages).flatMap(({ optionalDependencies, dev = false }) =>
    Object.entries(optionalDependencies ?? {})
      .filter(([name]) => !held.has(name))
      .map(([name, version]): [string, string, boolean] => [name, version, dev]),
  )
}

function entryOf(name: string, version: string, dev: boolean): Locked {
  const words = name.split(/[/-]/)
  const cpu = PROCESSORS.find(word => words.includes(word))
  const os = SYSTEMS.find(word => words.includes(word))
  const libc = words.some(word => word.startsWith('musl')) ? 'musl' : 'glibc'
  return {
    version,
    ...(cpu && { cpu: [cpu] }),
    ...(dev && { dev }),
    ...(os === 'linux' && { libc: [libc] }),
    optional: true,
    ...(os && { os: [os] }),
  }
}

export function readLock(): Lock {
  return JSON.parse(readFileSync('package-lock.json', 'utf8')) as Lock
}

function main(): void {
  const lock = readLock()
  const missing = missingFrom(lock)
  for (const [name, version, dev] of missing)
    lock.packages[`node_modules/${name}`] = entryOf(name, version, dev)
  const sorted = Object.entries(lock.packages).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const text = JSON.stringify({ ...lock, packages: Object.fromEntries(sorted) }, null, 2)
  writeFileSync('package-lock.json', `${text}\n`)
  console.log(`${missing.length} packages added to package-lock.json`)
}

if (import.meta.main) main()
