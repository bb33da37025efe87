// Tests that start a node run what is built: build first, so that `npx vitest run test/scenario`
// never tests yesterday's code. What does not compile is emitted all the same: the lint test tells.
import { spawnSync } from 'node:child_process'

export default function build(): void {
  const { error } = spawnSync('node_modules/.bin/tsc', ['-b'], { stdio: 'ignore' })
  if (error) throw error
}
