/**
 * The pid file: written when the node serves, removed when it stops, refused while another node
 * owns it.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'

/** The pid in a file whose process lives, or 0. */
function livingOwner(file: string): number {
  try {
    const pid = Number(readFileSync(file, 'utf8').trim())
    if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return 0
    process.kill(pid, 0)
    return pid
  } catch (error) {
    // EPERM: it lives and is somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? -1 : 0
  }
}

/** Throws a sentence when a living process owns the file or it cannot be written. */
export function writePidFile(file: string): void {
  const owner = livingOwner(file)
  if (owner !== 0)
    throw new Error(
      `running process found in the pid file ${file}; stop it first or name another with -P`,
    )
  try {
    writeFileSync(file, `${process.pid}\n`)
  } catch (error) {
    throw new Error(`unable to create pid file ${file}: ${(error as Error).message}`)
  }
}

export function removePidFile(file: string): void {
  rmSync(file, { force: true })
}
