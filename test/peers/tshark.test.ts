// A second opinion on what a node sends: Wireshark's dissector reads every message of a whole call,
// of a registration and of refusals, and finds them well formed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { Caller } from '../kit/caller.ts'
import { run } from '../kit/child.ts'
import { Phone } from '../kit/phone.ts'
import { type SipServer, serverForTest } from '../kit/server.ts'

const LINKTYPE_IPV4 = 228

/** A capture file (pcap) of UDP datagrams; addresses do not matter here, the ports tell SIP. */
function capture(texts: string[]): Buffer {
  const head = Buffer.alloc(24)
  head.writeUInt32LE(0xa1b2c3d4, 0)
  head.writeUInt16LE(2, 4)
  head.writeUInt16LE(4, 6)
  head.writeUInt32LE(65_535, 16)
  head.writeUInt32LE(LINKTYPE_IPV4, 20)
  return Buffer.concat([head, ...texts.map((text, index) => packet(text, index))])
}

function packet(text: string, index: number): Buffer {
  const body = Buffer.from(text, 'latin1')
  const bytes = Buffer.alloc(16 + 28)
  bytes.writeUInt32LE(index, 0)
  bytes.writeUInt32LE(28 + body.length, 8)
  bytes.writeUInt32LE(28 + body.length, 12)
  const ip = bytes.subarray(16)
  ip.writeUInt8(0x45, 0)
  ip.writeUInt16BE(28 + body.length, 2)
  ip.writeUInt8(64, 8)
  ip.writeUInt8(17, 9)
  ip.set([127, 0, 0, 1, 127, 0, 0, 1], 12)
  ip.writeUInt16BE(5060, 20)
  ip.writeUInt16BE(5060, 22)
  ip.writeUInt16BE(8 + body.length, 24)
  return Buffer.concat([bytes, body])
}

/** A phone with manners that keeps the text of all that comes. */
async function phoneAt(server: SipServer, name: string, heard: string[]) {
  const phone = await Phone.open()
  onTestFinished(() => phone.close())
  const caller = new Caller(name, phone, server)
  const send = async (method: string, uri = '') => {
    const text = caller.request(method, uri, [], '')
    caller.remember(text)
    await phone.send(text, server.host, server.port)
  }
  const gets = async (pattern: RegExp) => {
    const got = await phone.expect(pattern)
    heard.push(got.message.text)
    caller.take(got)
    caller.finished(got.message)
  }
  const reply = (status: string, method: string) => {
    const [request, text] = caller.reply(status, method, [], '')
    request.answer(text)
  }
  return { send, gets, reply }
}

test('a call, a registration and refusals, read by tshark', async () => {
  const server = await serverForTest()
  const heard: string[] = []
  const alice = await phoneAt(server, 'alice', heard)
  const bob = await phoneAt(server, 'bob', heard)
  await bob.send('REGISTER', `sip:${server.address}`)
  await bob.gets(/200 OK/)
  await alice.send('INVITE', `sip:bob@${server.address}`)
  await alice.gets(/ 100 /)
  await bob.gets(/^INVITE/)
  bob.reply('180', 'INVITE')
  await alice.gets(/ 180 /)
  bob.reply('200', 'INVITE')
  await alice.gets(/ 200 /)
  await alice.send('ACK')
  await bob.gets(/^ACK/)
  await alice.send('BYE')
  await bob.gets(/^BYE/)
  bob.reply('200', 'BYE')
  await alice.gets(/ 200 /)
  await alice.send('OPTIONS', `sip:${server.address}`)
  await alice.gets(/ 200 Keepalive/)
  await alice.send('MESSAGE', `sip:nobody@${server.address}`)
  await alice.gets(/ 404 /)
  await alice.send('PUBLISH', `sip:alice@${server.address}`)
  await alice.gets(/ 404 /)

  const rows = await dissected(heard)
  expect(rows).toHaveLength(heard.length)
  for (const [index, row] of rows.entries()) {
    const [, what = ''] = /^(?:SIP\/2\.0 )?(\w+)/.exec(heard[index] ?? '') ?? []
    // Method or status, then nothing: no expert had anything to say.
    expect(row).toEqual([what, ''])
  }
})

/** What tshark sees in each message: method or status, and the complaints of its experts. */
async function dissected(texts: string[]): Promise<string[][]> {
  const folder = mkdtempSync(join(tmpdir(), 'ohana-tshark-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'call.pcap')
  writeFileSync(file, capture(texts))
  const fields = ['sip.Method', 'sip.Status-Code', '_ws.expert.message', '_ws.malformed']
  const columns = fields.flatMap(field => ['-e', field])
  const options = ['-o', 'udp.check_checksum:FALSE', '-T', 'fields', '-E', 'separator=/t']
  const { output } = await run('tshark', ['-r', file, ...options, ...columns])
  const lines = output.split('\n').filter(line => line.includes('\t'))
  return lines.map(line => {
    const [method = '', status = '', expert = '', malformed = ''] = line.split('\t')
    return [status || method, expert + malformed]
  })
}
