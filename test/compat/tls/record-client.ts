// Records with the real Kamailio what it does as a client of TLS, and writes it into client.json:
// node test/compat/tls/record-client.ts A story is added by hand; the rest is Kamailio's.
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { createServer } from 'node:tls'
import { Certificates, FOLDER } from './facts.ts'
import { type Asked, readClientFacts, SERVER_IP, SERVER_PORT } from './client-facts.ts'

const UDP_PORT = 24_064
const certificates = new Certificates()
const folder = mkdtempSync(join(tmpdir(), 'facts-tls-'))
writeFileSync(
  join(folder, 'k.cfg'),
  `#!KAMAILIO
debug=2
log_stderror=yes
children=1
tcp_children=1
enable_tls=yes
listen=udp:127.0.0.1:${UDP_PORT}
listen=tls:127.0.0.1:${UDP_PORT}
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "pv.so"
loadmodule "textops.so"
loadmodule "tls.so"
modparam("tls", "config", "${folder}/tls.cfg")
modparam("tls", "xavp_cfg", "tls")
request_route {
  if (is_method("OPTIONS")) { sl_send_reply("200", "OK"); exit; }
  if ($rU != $null) $xavp(tls=>server_name) = $rU;
  if (is_present_hf("X-Id")) {
    if ($rU != $null) $xavp(tls[0]=>server_id) = $hdr(X-Id);
    else $xavp(tls=>server_id) = $hdr(X-Id);
  }
  $du = "sip:${SERVER_IP}:${SERVER_PORT};transport=tls";
  t_relay();
}
`,
)

const udp = createSocket('udp4').bind(0, '127.0.0.1')
const send = (method: string, { name, id }: Asked): void => {
  const user = name === '' ? '' : `${name}@`
  const tag = String(Math.random())
  udp.send(
    `${method} sip:${user}example.org SIP/2.0\r\n` +
      `Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bK${tag};rport\r\n` +
      `From: <sip:a@b>;tag=1\r\nTo: <sip:a@b>\r\nCall-ID: ${tag}\r\nCSeq: 1 ${method}\r\n` +
      `Max-Forwards: 70\r\n${id === '' ? '' : `X-Id: ${id}\r\n`}Content-Length: 0\r\n\r\n`,
    UDP_PORT,
    '127.0.0.1',
  )
}
const NOTHING = { name: '', id: '' }

async function withKamailio(file: string, run: () => Promise<void>): Promise<void> {
  writeFileSync(join(folder, 'tls.cfg'), certificates.text(file))
  const folders = ['-Y', folder, '-w', folder, '-P', join(folder, 'pid')]
  const kamailio = spawn('kamailio', ['-f', join(folder, 'k.cfg'), '-DD', '-E', ...folders])
  let log = ''
  kamailio.stderr.on('data', chunk => (log += String(chunk)))
  let up = false
  udp.once('message', () => (up = true))
  while (!up && kamailio.exitCode === null) {
    send('OPTIONS', NOTHING)
    await pause(50)
  }
  if (!up) console.log(file, log)
  else await run()
  if (kamailio.exitCode !== null) return
  const ended = new Promise(done => kamailio.once('exit', done))
  kamailio.kill('SIGTERM')
  await ended
}

/** What a server with this certificate sees when Kamailio connects. */
async function seen(
  certificate: string,
  version: 'TLSv1.2' | 'TLSv1.3',
  asked: Asked,
): Promise<{ shown: string; told: string }> {
  const pair = certificates.pair(certificate)
  const server = createServer({
    ...{ cert: readFileSync(pair.certificate), key: readFileSync(pair.key), maxVersion: version },
    ...{ requestCert: true, rejectUnauthorized: false },
  })
  await new Promise<void>(done => server.listen(SERVER_PORT, SERVER_IP, () => done()))
  const outcome = new Promise<{ shown: string; told: string }>(resolve => {
    const told = ({ message }: Error): void =>
      resolve({ shown: '', told: /alert ([a-z ]+)/.exec(message)?.[1] ?? message })
    server.on('tlsClientError', told)
    server.on('secureConnection', socket => {
      const { subject } = socket.getPeerCertificate()
      socket.on('error', told)
      socket.once('close', () => resolve({ shown: '', told: 'closed without a word' }))
      socket.once('data', () => {
        resolve({ shown: String(subject?.CN ?? ''), told: 'served' })
        socket.destroy()
      })
    })
  })
  send('MESSAGE', asked)
  const result = await outcome
  await new Promise(done => server.close(done))
  await pause(30)
  return result
}

const facts = readClientFacts()
for (const choice of facts.choices) {
  await withKamailio(choice.file, async () => {
    choice.shown = []
    for (const asked of choice.asked)
      choice.shown.push((await seen('good', 'TLSv1.3', asked)).shown)
  })
}
const trust = `ca_list = ${certificates.authority.certificate}\n`
for (const alert of facts.alerts) {
  const rules = alert.rules
  const file = `[server:default]\n{a}\n[client:default]\n{a}\n${trust}${rules}\n`
  await withKamailio(file, async () => {
    alert.told = (await seen(alert.server, alert.version, NOTHING)).told
  })
}
writeFileSync(join(FOLDER, 'client.json'), `${JSON.stringify(facts, null, 2)}\n`)
rmSync(folder, { recursive: true })
certificates.remove()
udp.close()
