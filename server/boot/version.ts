/** Who we are, and whose language we speak. */
import { arch, platform } from 'node:os'
import { readFileSync } from 'node:fs'

const machine = (): string =>
  arch() === 'x64' ? 'x86_64' : arch() === 'arm64' ? 'aarch64' : arch()

/**
 * dist/server/boot/version.js and server/boot/version.ts are both two or three folders below the
 * package.
 */
function packageVersion(): string {
  for (const up of ['../../', '../../../']) {
    try {
      return (
        JSON.parse(readFileSync(new URL(`${up}package.json`, import.meta.url), 'utf8')) as {
          version: string
        }
      ).version
    } catch {
      // The other depth has it.
    }
  }
  return 'unknown'
}

export const version = packageVersion()
export const platformText = `${machine()}/${platform()}`
/** `ohana 0.1.0 (x86_64/linux)`, as `core.version` and -v say. */
export const versionText = `ohana ${version} (${platformText})`
