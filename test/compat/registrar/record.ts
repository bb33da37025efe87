// Records what the real Kamailio does in the conversations of the *.json files beside this one, and
// writes it into them: node test/compat/registrar/record.ts [-v] [file.json ...] A conversation is
// added by hand; replies, marks and answers are Kamailio's.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  type Conversation,
  type Facts,
  FOLDER,
  Mask,
  messageText,
  PEER_PORT,
  SERVER_PORT,
  type Step,
  type Word,
} from './facts.ts'
import { Kamailio } from './kamailio.ts'

const MODULES =
  'kex corex tm tmx sl pv usrloc registrar textops textopsx siputils xlog jsonrpcs cfg_rpc counters'
const COPIED = /^(Via|From|To|Call-ID|CSeq|Content-Length):/

const show = (text: string): string => `xlog("L_ALERT", ${JSON.stringify(`@@${text}\n`)});`

const BRANCH = [
  'uri=$(branch(uri)[$var(i)])',
  'du=$(branch(dst_uri)[$var(i)])',
  'q=$(branch(q)[$var(i)])',
  'fs=$(branch(send_socket)[$var(i)])',
  'bf=$(branch(flags)[$var(i)])',
  'ruid=$(branch(ruid)[$var(i)])',
  'ua=$(branch(location_ua)[$var(i)])',
].join('|')

/** The destinations of the request, one line each. */
const DESTINATIONS = `
route[SHOW] {
  ${show('ru=$ru|du=$du|fs=$fs|bf=$bf|ruid=$ruid|ua=$location_ua|n=$branch(count)')}
  $var(i) = 0;
  while ($var(i) < $branch(count)) {
    ${show(BRANCH)}
    $var(i) = $var(i) + 1;
  }
}
`

/** A word as a statement of the routing language. */
function statement([name, ...args]: Word): string {
  const words = args.map(arg => JSON.stringify(arg))
  if (name === 'call') {
    const [own, ...rest] = args
    const list = rest.map(arg => JSON.stringify(arg)).join(', ')
    return `$var(rc) = ${own}(${list}); ${show(`${own} $var(rc)`)}`
  }
  if (name === 'show') return 'route(SHOW);'
  if (name === 'print') return show(String(args[0]))
  if (name === 'avp') return `$avp(${args[0]}) = ${words[1]};`
  if (name === 'xavp') return `$xavp(${args[0]}) = ${words[1]};`
  return `${name}(${words.join(', ')});`
}

function script(conversation: Conversation): string {
  const { onRegister, onRequest = [] } = conversation
  return `
request_route {
  if ($rm == "MESSAGE") {
    jsonrpc_exec("$rb");
    set_reply_body("$jsonrpl(body)", "application/json");
    sl_send_reply("200", "OK");
    exit;
  }
  if ($rm == "REGISTER") { ${onRegister.map(statement).join(' ')} exit; }
  ${onRequest.map(statement).join(' ')}
}
${DESTINATIONS}
`
}

const command = (rpc: (string | number)[]): string => {
  const [method, ...params] = rpc
  const body = JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 })
  const head = messageText({ request: 'MESSAGE sip:rpc@127.0.0.1' }, 1)
  return head.replace('Content-Length: 0\r\n\r\n', `Content-Length: ${body.length}\r\n\r\n${body}`)
}

/** Just after a full second has begun, so that no second ends within a conversation. */
const secondBegins = (): Promise<void> => pause(1020 - (Date.now() % 1000))

async function recordStep(
  kamailio: Kamailio,
  step: Step,
  number: number,
  mask: Mask,
): Promise<void> {
  if (step.pause !== undefined) {
    await pause((step.pause - 1) * 1000)
    await secondBegins()
    return
  }
  if (step.rpc !== undefined) {
    const [reply] = await kamailio.send(PEER_PORT, command(step.rpc), 25)
    const text = mask.text(reply?.text.split('\r\n\r\n')[1] ?? '')
    type Answer = { result?: unknown; error?: unknown }
    const answer = JSON.parse(text.replaceAll(/:\s*TIME\b/g, ':"TIME"')) as Answer
    step.answer = answer.error ?? answer.result
    kamailio.takeLog()
    return
  }
  const replies = await kamailio.send(PEER_PORT, mask.real(messageText(step, number)))
  step.replies = replies.map(({ text }) =>
    mask
      .text(text.split('\r\n\r\n')[0]!)
      .split('\r\n')
      .filter(line => !COPIED.test(line)),
  )
  step.marks = kamailio.takeLog().marks.map(line => mask.text(line))
}

async function record(conversation: Conversation): Promise<void> {
  const kamailio = await Kamailio.start({
    head: [`listen=udp:127.0.0.1:${SERVER_PORT}`],
    modules: MODULES.split(' '),
    params: conversation.params ?? {},
    routes: script(conversation),
    port: SERVER_PORT,
  })
  const mask = new Mask()
  await secondBegins()
  let number = 0
  try {
    for (const step of conversation.steps) await recordStep(kamailio, step, ++number, mask)
  } finally {
    await kamailio.stop()
  }
  if (process.argv.includes('-v')) console.log(JSON.stringify(conversation, null, 1))
}

const names = readdirSync(FOLDER).filter(name => name.endsWith('.json'))
const wanted = process.argv.slice(2).filter(word => word !== '-v')
for (const name of wanted.length > 0 ? wanted : names) {
  const path = join(FOLDER, name)
  const facts = JSON.parse(readFileSync(path, 'utf8')) as Facts
  for (const conversation of facts.conversations) await record(conversation)
  writeFileSync(path, `${JSON.stringify(facts, null, 2)}\n`)
}
