// Fake nodes on real sockets, for programs that are processes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { stringify } from 'yaml'
import { type FakeFleet, serveFakeNode } from './fake-node.ts'

export interface ServedFleet {
  readonly folder: string
  /** The fleet file. */
  readonly file: string
}

/** Serves every node on a Unix socket until the test is over. */
export async function serveFleet(fakes: FakeFleet): Promise<ServedFleet> {
  const folder = mkdtempSync(join(tmpdir(), 'ohana-fleet-'))
  const paths = fakes.nodes.map(({ name }) => join(folder, `${name}.sock`))
  const servers = await Promise.all(fakes.nodes.map((node, at) => serveFakeNode(node, paths[at]!)))
  const file = join(folder, 'fleet.yaml')
  const nodes = fakes.nodes.map(({ name }, at) => ({ name, endpoint: `unix:${paths[at]!}` }))
  writeFileSync(file, stringify({ fleet: 'testing', nodes }))
  onTestFinished(() => {
    for (const server of servers) server.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return { folder, file }
}
