// Asks the real Kamailio where it sends requests for names and what its dns.* and dst_blocklist.*
// commands answer, and writes it into the *.json files beside this one:
//   node test/compat/dns/record.ts
// Cases and requests are added by hand; what Kamailio does is recorded. Kamailio asks port 53 of
// the server in /etc/resolv.conf, so all of this runs in namespaces of its own (needs root).
import { spawn, spawnSync } from 'node:child_process'
import { createSocket, type Socket } from 'node:dgram'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DnsServer } from '../../kit/dns-server.ts'
import type { RpcFacts, WayFacts } from './facts.ts'

const FOLDER = 'test/compat/dns'
const SIP_PORT = 5060
const RPC_PORT = 26069
const PEERS = ['127.0.0.21', '127.0.0.22', '127.0.0.23', '::1']
const PEER_PORTS = [5060, 5071, 5072, 5073]

const pause = (ms: number): Promise<void> => new Promise(done => setTimeout(done, ms))

async function recordAll(): Promise<void> {
  const dns = await DnsServer.open('127.0.0.1', 53)
  const ways = read<WayFacts>('ways.json')
  const rpc = read<RpcFacts>('rpc.json')
  const went: string[] = []
  const peers = await openPeers(went)
  for (const group of ways.groups) {
    dns.zone.records.length = 0
    dns.zone.add(ways.zone.join('\n'))
    await withKamailio(group.settings, group.listen, async () => {
      for (const one of group.cases) {
        went.length = 0
        dns.zone.forget()
        await send(one.uri)
        one.asked = dns.zone.asked
        one.went = [...new Set(went)]
      }
    })
  }
  dns.zone.records.length = 0
  dns.zone.add(rpc.zone.join('\n'))
  await withKamailio(rpc.settings, [], async () => {
    for (const exchange of rpc.exchanges) exchange.reply = await askJson(exchange.request)
  })
  for (const peer of peers) peer.close()
  await dns.close()
  write('ways.json', ways)
  write('rpc.json', rpc)
}

const read = <T>(name: string): T => JSON.parse(readFileSync(join(FOLDER, name), 'utf8')) as T
const write = (name: string, facts: unknown): void =>
  writeFileSync(join(FOLDER, name), `${JSON.stringify(facts, null, 2)}\n`)

/** Places that answer 503 to everything, so that Kamailio goes on to the next one. */
async function openPeers(went: string[]): Promise<(Socket | Server)[]> {
  const open: (Socket | Server)[] = []
  for (const ip of PEERS) {
    // Kamailio itself has this port of ::1.
    for (const port of PEER_PORTS.filter(number => ip !== '::1' || number !== SIP_PORT)) {
      const udp = createSocket(ip.includes(':') ? 'udp6' : 'udp4')
      await new Promise<void>(done => udp.bind(port, ip, done))
      udp.on('message', (bytes, from) => {
        went.push(`udp:${ip}:${port}`)
        udp.send(refusal(bytes.toString('latin1')), from.port, from.address)
      })
      const tcp = createServer(connection => {
        connection.on('error', () => connection.destroy())
        connection.on('data', bytes => {
          went.push(`tcp:${ip}:${port}`)
          connection.write(refusal(bytes.toString('latin1')))
        })
      })
      await new Promise<void>(done => tcp.listen(port, ip, done))
      open.push(udp, tcp)
    }
  }
  return open
}

async function withKamailio(
  settings: Record<string, number>,
  listen: readonly string[],
  run: () => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dns-record-'))
  const config = join(folder, 'kamailio.cfg')
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
  const more = listen.map(address => `listen=${address}`)
  const common = readFileSync(join(FOLDER, 'kamailio.cfg'), 'utf8')
  writeFileSync(config, [common.replace('# settings', [...lines, ...more].join('\n'))].join('\n'))
  const place = ['-Y', folder, '-w', '/tmp', '-P', join(folder, 'pid')]
  const kamailio = spawn('kamailio', ['-f', config, '-DD', '-E', '-m', '64', '-M', '8', ...place])
  const ended = new Promise(done => kamailio.on('exit', done))
  await pause(1500)
  try {
    await run()
  } finally {
    kamailio.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true })
  }
}

/** A 503 to a request. */
function refusal(request: string): string {
  const copied = request.split('\r\n').filter(line => /^(via|from|to|call-id|cseq):/i.test(line))
  const lines = copied.map(line => (/^to:/i.test(line) ? `${line};tag=r` : line))
  return `SIP/2.0 503 No\r\n${lines.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`
}

/** One OPTIONS for a URI, and a while for what comes of it. */
async function send(uri: string): Promise<void> {
  const socket = createSocket('udp4')
  await new Promise<void>(done => socket.bind(0, '127.0.0.1', done))
  const { port } = socket.address()
  const id = `${Date.now()}${port}`
  const text = [
    `OPTIONS ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${id}`,
    'Max-Forwards: 70',
    'From: <sip:a@example.org>;tag=1',
    'To: <sip:b@example.org>',
    `Call-ID: ${id}`,
    'CSeq: 1 OPTIONS',
    'Content-Length: 0',
    '\r\n',
  ].join('\r\n')
  socket.send(text, SIP_PORT, '127.0.0.1')
  await pause(500)
  socket.close()
}

/** One JSON request as a datagram; null when there is no answer. */
async function askJson(request: string): Promise<string | null> {
  const socket = createSocket('udp4')
  const reply = new Promise<string>(done =>
    socket.once('message', bytes => done(bytes.toString('latin1'))),
  )
  socket.send(request, RPC_PORT, '127.0.0.1')
  const answer = await Promise.race([reply, pause(1000).then(() => null)])
  socket.close()
  return answer
}

if (process.argv[2] === 'inside') await recordAll()
else {
  const own = mkdtempSync(join(tmpdir(), 'dns-record-'))
  const resolvConf = join(own, 'resolv.conf')
  writeFileSync(resolvConf, 'nameserver 127.0.0.1\n')
  const mount = `mount --bind ${resolvConf} /etc/resolv.conf`
  const inside = `ip link set lo up && ${mount} && exec "$0" "$@"`
  const words = [process.execPath, process.argv[1]!, 'inside']
  const { status } = spawnSync('unshare', ['-mn', 'sh', '-c', inside, ...words], {
    stdio: 'inherit',
  })
  rmSync(own, { recursive: true })
  process.exitCode = status ?? 1
}
