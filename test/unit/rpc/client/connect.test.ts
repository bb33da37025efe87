import { once } from 'node:events'
import { createServer as createHttp, type Server as HttpServer } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterEach, describe, expect, test } from 'vitest'
import { connect } from '../../../../rpc/client/connect.ts'

let cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean()
})

/** A node that answers every line with what `answer` says; null for silence. */
async function node(answer: (line: string, socket: Socket) => string | null): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'ohana-client-'))
  const sockets = new Set<Socket>()
  const server: Server = createServer(socket => {
    sockets.add(socket)
    socket.setEncoding('utf8').on('data', chunk => {
      for (const line of String(chunk).split('\n').filter(Boolean)) {
        const reply = answer(line, socket)
        if (reply !== null) socket.write(reply)
      }
    })
  })
  await once(server.listen(join(folder, 's')), 'listening')
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
    rmSync(folder, { recursive: true })
  })
  return `unix:${join(folder, 's')}`
}

async function http(status: number, body: string, delayMs = 0): Promise<string> {
  const server: HttpServer = createHttp((request, response) => {
    const answer = (asked: string): unknown =>
      response.writeHead(status).end(body.replace('"id":1', `"id":${idOf(asked)}`))
    void text(request).then(asked => setTimeout(() => answer(asked), delayMs))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  cleanups.push(() => server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/RPC`
}

const idOf = (line: string): number => (JSON.parse(line) as { id: number }).id
const result = (line: string, value: unknown): string =>
  `${JSON.stringify({ jsonrpc: '2.0', id: idOf(line), result: value })}\n`

describe('over a Unix socket', () => {
  test('what is no reply is ignored, and a reply may come in pieces', async () => {
    const endpoint = await node((line, socket) => {
      const reply = result(line, ['ok'])
      socket.write('junk\n[]\nnull\n5\n{"jsonrpc":"2.0","id":999,"result":1}\n')
      socket.write(reply.slice(0, 10))
      setTimeout(() => socket.write(reply.slice(10)), 20)
      return null
    })
    const client = await connect(endpoint)
    expect(await client.call('core.echo', 'x')).toEqual(['ok'])
    await client.close()
  })

  test('parameters left out at the end are not sent, in between they are null', async () => {
    const seen: unknown[] = []
    const endpoint = await node(line => {
      seen.push((JSON.parse(line) as { params: unknown }).params)
      return result(line, {})
    })
    const client = await connect(endpoint)
    await client.raw('a', ['x', undefined])
    await client.raw('b', [undefined, 'y'])
    await client.raw('c')
    expect(seen).toEqual([['x'], [null, 'y'], []])
    await client.close()
  })

  test('a call has a deadline, and the others go on', async () => {
    const endpoint = await node(line => (line.includes('slow') ? null : result(line, 1)))
    const client = await connect(endpoint, { timeoutMs: 60 })
    const slow = client.raw('slow')
    expect(await client.raw('quick')).toBe(1)
    await expect(slow).rejects.toMatchObject({ name: 'NoAnswer', reason: 'timeout' })
    expect(await client.raw('quick')).toBe(1)
    await client.close()
  })

  test('a connection that breaks ends the calls under way', async () => {
    const endpoint = await node((_line, socket) => {
      socket.destroy()
      return null
    })
    const client = await connect(endpoint)
    await expect(client.raw('x')).rejects.toMatchObject({ name: 'NoAnswer', reason: 'closed' })
    expect(await client.closed).toBeInstanceOf(Error)
  })

  test('connecting can be given up', async () => {
    const endpoint = await node(() => null)
    const given = AbortSignal.abort()
    await expect(connect(`${endpoint}.none`, { signal: given })).rejects.toMatchObject({
      reason: 'unreachable',
    })
  })
})

describe('over HTTP, in Kamailio’s JSON', () => {
  const reply = (member: string): string => `{"jsonrpc":"2.0",${member},"id":1}`

  test('of several values the last one travels, repeated members all', async () => {
    const several = await connect(await http(200, reply('"result":"(parameter type is integer)"')))
    expect(await several.call('cfg.help', 'core', 'debug')).toEqual(['(parameter type is integer)'])
    const none = await connect(await http(200, reply('"result":{}')))
    expect(await none.call('cfg.diff')).toEqual([])
    expect(await none.call('cfg.commit')).toBeUndefined()
    const shv = '{"name":"a","type":"int","value":1}'
    const items = await connect(
      await http(200, reply(`"result":{"items":{"shv":${shv},"shv":${shv}}}`)),
    )
    expect(await items.call('pv.shvGet')).toEqual({
      items: [
        ['shv', { name: 'a', type: 'int', value: 1 }],
        ['shv', { name: 'a', type: 'int', value: 1 }],
      ],
    })
    expect(await items.raw('pv.shvGet')).toEqual({
      items: { shv: { name: 'a', type: 'int', value: 1 } },
    })
    for (const client of [several, none, items]) await client.close()
  })

  test('a fault is a fault whatever the status', async () => {
    const body = reply('"error":{"code":404,"message":"AOR not found"}')
    const client = await connect(await http(404, body))
    await expect(client.call('ul.lookup', 'location', 'x')).rejects.toMatchObject({
      name: 'Fault',
      code: 404,
      message: 'AOR not found',
    })
    await client.close()
  })

  test('what is no JSON-RPC says so, silence is a timeout, events are refused', async () => {
    const page = await connect(await http(403, '<html>'))
    await expect(page.raw('x')).rejects.toThrow('HTTP 403 Forbidden, not a JSON-RPC reply')
    const slow = await connect(await http(200, '{}', 500), { timeoutMs: 50 })
    await expect(slow.raw('x')).rejects.toMatchObject({ reason: 'timeout' })
    await expect(slow.subscribe('log', () => {})).rejects.toMatchObject({ reason: 'protocol' })
    await page.close()
    await slow.close()
    expect(await slow.closed).toBeNull()
  })
})
