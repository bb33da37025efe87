import type { Options } from '../options.ts'
export async function runSshServer(_options: Options): Promise<number> {
  return 1
}
