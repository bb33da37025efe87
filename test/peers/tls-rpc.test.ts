// tls.list, tls.info and tls.options print as those of the real Kamailio do, byte for byte but for
// ports and for what depends on libraries: the versions they speak, the memory they want to see.
import { afterAll, expect, test } from 'vitest'
import { Authority } from '../kit/certificates.ts'
import { ask, dial, profile, secureNode, tlsFile } from '../kit/secure-node.ts'

const authority = new Authority()
afterAll(() => authority.remove())
const server = authority.sign('server', '/CN=sip.example.org', 'DNS:sip.example.org')

/** What all of them print about one connection of a client. */
async function printed(file: string, original: boolean): Promise<string[]> {
  const node = await secureNode(file, original)
  const socket = await dial(authority, node)
  await ask(socket)
  const texts: string[] = []
  for (const command of ['tls.list', 'tls.info', 'tls.options'])
    texts.push(await node.sip.rpc(command))
  const { localPort } = socket
  socket.destroy()
  return texts.map(text =>
    text
      .replaceAll(String(node.port), 'OUR PORT')
      .replaceAll(String(localPort), 'ITS PORT')
      .replaceAll(node.sip.folder, 'FOLDER')
      .replace(/(method: )\S+/, '$1VERSIONS')
      .replace(/(low_mem_threshold\d: )-?\d+/g, '$1BYTES')
      .replace(/(timeout: )\d+/, '$1SECONDS')
      .replace(/(id: )\d+/, '$1NUMBER'),
  )
}

test('prints connections and options as Kamailio does', async () => {
  const file = tlsFile(authority, profile('server:default', server))
  const [ours, theirs] = await Promise.all([printed(file, false), printed(file, true)])
  expect(ours).toEqual(theirs)
})
