// More that phones do over one server, for the real Kamailio and for ours.
import { type SipText } from '../../kit/sip-text.ts'
import { SECRET, type Story, type Who } from './story.ts'

const other = (who: Who): Who => (who === 'alice' ? 'bob' : 'alice')

/** What a phone said as the nth of its kind. */
function said(story: Story, who: Who, start: string): string {
  const found = story.transcript.find(line => line.startsWith(`${who} says ${start}`))
  return found!.slice(`${who} says `.length)
}

/** The call is answered, and the callee knows its route. */
async function answered(story: Story, who: Who = 'bob'): Promise<void> {
  await story.answer(who, 'INVITE', '200 OK')
  await story.say('alice', story.request('alice', 'ACK'))
  story.sides[who].routes = story.sides[who].routes.slice(1)
}

/** Bob asks before he has answered: his route is his own affair. */
function bobKnowsHisRoute(story: Story): void {
  story.sides.bob.routes = story.sides.bob.routes.slice(1)
}

async function early(story: Story): Promise<void> {
  await story.invite()
  await story.answer('bob', 'INVITE', '183 Session Progress', {
    more: ['RSeq: 1', 'Require: 100rel'],
  })
  await story.inside('alice', 'PRACK')
  bobKnowsHisRoute(story)
  await story.inside('alice', 'UPDATE')
  await story.inside('alice', 'INFO')
  await answered(story)
  await story.inside('bob', 'INFO')
  await story.inside('alice', 'BYE')
}

/** The caller hangs up before the call is answered. */
async function earlyBye(story: Story): Promise<void> {
  await story.invite()
  await story.answer('bob', 'INVITE', '180 Ringing')
  await story.inside('alice', 'BYE')
  await story.answer('bob', 'INVITE', '487 Request Terminated', { contact: '' })
  await story.say('alice', ackOf(said(story, 'alice', 'INVITE'), story.last('alice', '487 INVITE')))
}

const ackOf = (invite: string, reply: SipText): string =>
  invite
    .split('\r\n')
    .filter(line => !/^(Contact|Record-Route|Via: SIP\/2.0\/UDP 10)/.test(line))
    .map(line => (line.startsWith('To: ') ? `To: ${reply.header('To')}` : line))
    .join('\r\n')
    .replaceAll('INVITE', 'ACK')

async function subscribed(story: Story): Promise<void> {
  const uri = story.uriOf('bob')
  const more = ['Event: presence', 'Expires: 600']
  await story.say(
    'alice',
    story.request('alice', 'SUBSCRIBE', {
      uri,
      to: `<${uri}>`,
      cseq: 1,
      more: [...more, story.up],
    }),
  )
  await story.answer('bob', 'SUBSCRIBE', '200 OK', { more: ['Expires: 600'] })
  bobKnowsHisRoute(story)
  const event = ['Event: presence', 'Subscription-State: active']
  await story.say('bob', story.request('bob', 'NOTIFY', { more: event, contact: true }))
  await story.answer('alice', 'NOTIFY', '200 OK')
  await story.say('alice', story.request('alice', 'SUBSCRIBE', { more }))
  await story.answer('bob', 'SUBSCRIBE', '200 OK', { more: ['Expires: 600'] })
  const moved = 'sip:alice@10.0.0.5:5999'
  await story.say('alice', story.request('alice', 'SUBSCRIBE', { more, contact: moved }))
  await story.answer('bob', 'SUBSCRIBE', '200 OK', { more: ['Expires: 600'] })
  await story.say('bob', story.request('bob', 'NOTIFY', { more: event, contact: true }))
  await story.answer('alice', 'NOTIFY', '200 OK')
  const end = ['Event: presence', 'Expires: 0']
  await story.say('alice', story.request('alice', 'SUBSCRIBE', { more: end }))
  await story.answer('bob', 'SUBSCRIBE', '200 OK', { more: ['Expires: 0'] })
  await story.say('bob', story.request('bob', 'NOTIFY', { more: event, contact: true }))
  await story.answer('alice', 'NOTIFY', '481 Gone')
}

/** Nobody says for how long, or for longer than topos keeps anything. */
async function subscribedPlainly(story: Story): Promise<void> {
  const uri = story.uriOf('bob')
  for (const [index, expires] of [[], ['Expires: 20000'], ['Expires: 60']].entries()) {
    Object.assign(story.sides.alice, { callId: `plain-${index}@h`, peer: `<${uri}>`, cseq: 1 })
    const more = ['Event: presence', ...expires]
    const first = { uri, to: `<${uri}>`, cseq: 1, more: [...more, story.up] }
    await story.say('alice', story.request('alice', 'SUBSCRIBE', first))
    await story.answer('bob', 'SUBSCRIBE', '200 OK', { more: expires })
    if (index === 1) continue
    const again = ['Event: presence', 'Expires: 900']
    await story.say('alice', story.request('alice', 'SUBSCRIBE', { more: again }))
    await story.answer('bob', 'SUBSCRIBE', '200 OK', { more: ['Expires: 700'] })
  }
}

/** A subscription that the notifier ends, and one that the subscriber looks at once. */
async function unsubscribed(story: Story): Promise<void> {
  const uri = story.uriOf('bob')
  for (const [index, expires] of [600, 0].entries()) {
    Object.assign(story.sides.alice, { callId: `un-${index}@h`, peer: `<${uri}>`, cseq: 1 })
    const more = ['Event: presence', `Expires: ${expires}`]
    const first = { uri, to: `<${uri}>`, cseq: 1, more: [...more, story.up] }
    await story.say('alice', story.request('alice', 'SUBSCRIBE', first))
    await story.answer('bob', 'SUBSCRIBE', '200 OK', { more: [`Expires: ${expires}`] })
    bobKnowsHisRoute(story)
    const over = ['Event: presence', 'Subscription-State: terminated;reason=timeout']
    await story.say('bob', story.request('bob', 'NOTIFY', { more: over, contact: true }))
    await story.answer('alice', 'NOTIFY', '200 OK')
  }
  await story.say(
    'alice',
    story.request('alice', 'SUBSCRIBE', { more: ['Event: presence', 'Expires: 60'] }),
  )
  await story.answer('bob', 'SUBSCRIBE', '200 OK', { contact: '' })
}

/** The first NOTIFY is there before the reply. */
async function notifiedEarly(story: Story): Promise<void> {
  const uri = story.uriOf('bob')
  const more = ['Event: presence', 'Expires: 600', story.up]
  await story.say(
    'alice',
    story.request('alice', 'SUBSCRIBE', { uri, to: `<${uri}>`, cseq: 1, more }),
  )
  story.takes('bob', 'SUBSCRIBE')
  bobKnowsHisRoute(story)
  const event = ['Event: presence', 'Subscription-State: active']
  await story.say('bob', story.request('bob', 'NOTIFY', { more: event, contact: true }))
  await story.answer('alice', 'NOTIFY', '200 OK')
  await story.answer('bob', 'SUBSCRIBE', '202 Accepted', { more: ['Expires: 600'] })
  bobKnowsHisRoute(story)
  await story.say('alice', story.request('alice', 'SUBSCRIBE', { more }))
  await story.answer('bob', 'SUBSCRIBE', '200 OK', { more: ['Expires: 600'] })
}

/** REFER in a call, with what follows of it. */
async function referredInCall(story: Story): Promise<void> {
  await story.invite()
  await answered(story)
  await story.say('bob', story.request('bob', 'REFER', { more: ['Refer-To: <sip:c@h>'] }))
  await story.answer('alice', 'REFER', '202 Accepted', { contact: 'sip:alice@10.0.0.5' })
  const event = ['Event: refer', 'Subscription-State: active']
  await story.say('alice', story.request('alice', 'NOTIFY', { more: event, contact: true }))
  await story.answer('bob', 'NOTIFY', '200 OK')
  await story.say('alice', story.request('alice', 'REFER', { more: ['Refer-To: <sip:c@h>'] }))
  await story.answer('bob', 'REFER', '202 Accepted')
  await story.say('bob', story.request('bob', 'NOTIFY', { more: event, contact: true }))
  await story.answer('alice', 'NOTIFY', '200 OK')
  await story.inside('bob', 'MESSAGE')
  await story.inside('alice', 'MESSAGE')
  await story.inside('alice', 'OPTIONS')
  await story.inside('bob', 'OPTIONS')
  await story.inside('alice', 'BYE')
}

/** REFER out of the blue makes a subscription (RFC 3515). */
async function referredAlone(story: Story): Promise<void> {
  const uri = story.uriOf('bob')
  const more = ['Refer-To: <sip:c@h>', story.up]
  await story.say('alice', story.request('alice', 'REFER', { uri, to: `<${uri}>`, cseq: 1, more }))
  await story.answer('bob', 'REFER', '202 Accepted', { contact: true })
  bobKnowsHisRoute(story)
  const event = ['Event: refer', 'Subscription-State: active']
  await story.say('bob', story.request('bob', 'NOTIFY', { more: event, contact: true }))
  await story.answer('alice', 'NOTIFY', '200 OK')
}

/** The phones move while they talk. */
async function moved(story: Story): Promise<void> {
  await story.invite()
  await answered(story)
  for (const who of ['alice', 'bob'] as const) {
    const contact = `sip:${who}2@${SECRET[who]}:6000;transport=udp`
    await story.say(who, story.request(who, 'INVITE', { contact }))
    await story.answer(other(who), 'INVITE', '200 OK', {
      contact: `sip:${other(who)}3@${SECRET[other(who)]}:7000`,
    })
    await story.say(who, story.request(who, 'ACK'))
    await story.inside('alice', 'INFO')
    await story.inside('bob', 'INFO')
    await story.say(who, story.request(who, 'UPDATE', { contact: `${contact};x=1` }))
    await story.answer(other(who), 'UPDATE', '200 OK', {
      contact: `sip:${other(who)}4@${SECRET[other(who)]}:7001`,
    })
    await story.inside('alice', 'INFO')
    await story.inside('bob', 'INFO')
  }
  await story.inside('alice', 'BYE')
}

/** Re-INVITEs record other routes, and none; alice's server is always asked to stay. */
async function rerouted(story: Story): Promise<void> {
  await story.invite()
  await answered(story)
  for (const who of ['alice', 'bob'] as const)
    for (const name of ['new', 'newer']) {
      const recorded = (one: Who): string =>
        `Record-Route: <sip:127.0.0.1:${story.portOf(one)};lr;x=${name}>`
      await story.say(who, story.request(who, 'INVITE', { more: [recorded(who)] }))
      const asked = story.last(other(who), 'INVITE').all('Record-Route')
      const more = [recorded(other(who)), ...asked.map(route => `Record-Route: ${route}`)]
      await story.answer(other(who), 'INVITE', '200 OK', { more })
      await story.say(who, story.request(who, 'ACK'))
      await story.inside('alice', 'INFO')
      await story.inside('bob', 'INFO')
    }
  await story.inside('bob', 'BYE')
}

/** Nothing arrives but once, and some of it too late. */
async function repeated(story: Story): Promise<void> {
  await story.invite()
  await story.say('alice', said(story, 'alice', 'INVITE'))
  await story.answer('bob', 'INVITE', '180 Ringing')
  await story.say('bob', said(story, 'bob', 'SIP/2.0 180'))
  await story.answer('bob', 'INVITE', '200 OK')
  const ok = said(story, 'bob', 'SIP/2.0 200')
  await story.say('bob', ok)
  await story.say('alice', story.request('alice', 'ACK'))
  await story.say('bob', ok)
  await story.say('alice', said(story, 'alice', 'ACK'))
  bobKnowsHisRoute(story)
  const info = story.request('bob', 'INFO')
  await story.say('bob', info)
  await story.say('bob', info)
  await story.answer('alice', 'INFO', '200 OK')
  await story.say('bob', info)
  const again = story.request('bob', 'INVITE')
  await story.say('bob', again)
  await story.answer('alice', 'INVITE', '491 Request Pending', { contact: '' })
  await story.say('bob', ackOf(again, story.last('bob', '491 INVITE')))
  const bye = story.request('alice', 'BYE')
  await story.say('alice', bye)
  await story.answer('bob', 'BYE', '200 OK')
  await story.say('alice', bye)
  await story.inside('bob', 'BYE')
  await story.inside('alice', 'INFO')
}

/** Two phones ring; the second one takes it. */
async function forked(story: Story): Promise<void> {
  await story.invite()
  await story.answer('bob', 'INVITE', '180 Ringing')
  await story.inside('alice', 'PRACK')
  await story.answer('carol', 'INVITE', '183 Session Progress')
  await story.inside('alice', 'UPDATE', 'carol')
  await answered(story, 'carol')
  await story.answer('bob', 'CANCEL', '200 OK')
  await story.answer('bob', 'INVITE', '487 Request Terminated', { contact: '' })
  await story.inside('alice', 'INVITE', 'carol')
  await story.say('alice', story.request('alice', 'ACK'))
  await story.inside('carol', 'INFO')
  await story.inside('carol', 'BYE')
}

/** Both take it at the same time; the caller hangs up on the second one. */
async function forkedTwice(story: Story): Promise<void> {
  await story.invite()
  await story.answer('bob', 'INVITE', '200 OK')
  await story.answer('carol', 'INVITE', '200 OK')
  await story.say('alice', story.request('alice', 'ACK'))
  await story.inside('alice', 'BYE', 'carol')
}

/** The first one is busy, and the call goes to another. */
async function passedOn(story: Story): Promise<void> {
  await story.invite()
  await story.answer('bob', 'INVITE', '180 Ringing')
  await story.answer('bob', 'INVITE', '486 Busy Here', { contact: '' })
  await story.answer('carol', 'INVITE', '180 Ringing')
  await story.inside('alice', 'PRACK', 'carol')
  await answered(story, 'carol')
  await story.inside('alice', 'INVITE', 'carol')
  await story.say('alice', story.request('alice', 'ACK'))
  await story.inside('carol', 'INVITE', 'alice')
  await story.say('carol', story.request('carol', 'ACK'))
  await story.inside('carol', 'BYE')
}

/** Requests that begin no dialog. */
async function alone(story: Story): Promise<void> {
  const uri = story.uriOf('bob')
  let cseq = 0
  for (const method of ['MESSAGE', 'INFO', 'NOTIFY', 'UPDATE', 'PUBLISH', 'REGISTER', 'XYZ']) {
    for (const status of ['200 OK', '404 Not Found', '302 Moved']) {
      const more = [story.up]
      cseq++
      await story.say('alice', story.request('alice', method, { uri, to: `<${uri}>`, cseq, more }))
      await story.answer('bob', method, status, { contact: cseq % 2 === 0 })
    }
  }
}

/** The first INVITE is refused, the next one has credentials. */
async function challenged(story: Story): Promise<void> {
  await story.invite()
  await story.answer('bob', 'INVITE', '407 Who', { contact: '' })
  await story.say('alice', ackOf(said(story, 'alice', 'INVITE'), story.last('alice', '407 INVITE')))
  const uri = story.uriOf('bob')
  const to = `<sip:bob@127.0.0.1:${story.serverPort}>`
  const more = ['Proxy-Authorization: Digest x="y"', story.up]
  await story.say('alice', story.request('alice', 'INVITE', { uri, to, cseq: 2, more }))
  await story.answer('bob', 'INVITE', '200 OK')
  story.sides.alice.cseq = 2
  await story.say('alice', story.request('alice', 'ACK'))
  bobKnowsHisRoute(story)
  await story.inside('bob', 'INVITE')
  await story.say('bob', story.request('bob', 'ACK'))
  await story.inside('alice', 'BYE')
}

/** Who is no party to the call tries the names of the dialog. */
async function forged(story: Story): Promise<void> {
  await story.invite()
  await answered(story)
  const target = story.sides.alice.target
  const upper = target.toUpperCase().replace('SIP:', 'sip:')
  const names = [
    target.replace(/[ab](tpsh-)/, 'b$1'),
    target.replace(/[ab](tpsh-)/, 'c$1'),
    target.replace(/(tpsh-)/, '$1f'),
    target.replace(/tpsh-[\w-]+/, 'tpsh-'),
    target.replace(/tpsh-[\w-]+/, 'tpsh-1-1-1'),
    target.replace(/[ab]tpsh-[\w-]+@/, ''),
    // topoh of Kamailio makes no address of such a one at all.
    ...(target.includes('tpsh-') ? [upper] : []),
    `${target};x=y`,
  ]
  for (const name of names) {
    await story.say(
      'alice',
      story.request('alice', 'INFO', { uri: name, to: story.sides.alice.peer }),
    )
    await story.say('bob', story.request('bob', 'INFO', { uri: name, to: story.sides.bob.peer }))
  }
  const strange = story.request('alice', 'BYE').replace(/tag=a1/, 'tag=strange')
  await story.say('alice', strange)
  const lost = story.request('alice', 'BYE').replace(/tag=b1/, 'tag=strange')
  await story.say('alice', lost)
}

/** Contacts that are not as they should be. */
async function badContacts(story: Story): Promise<void> {
  const uri = story.uriOf('bob')
  const contacts = [
    'Contact: sip:alice@10.0.0.5',
    'Contact: "A, B" <sip:alice@10.0.0.5>;expires=3',
    'm: <sip:alice@10.0.0.5>',
    'Contact: <sip:alice@10.0.0.5>, <sip:alice@10.0.0.55>',
    'Contact: <sip:alice@10.0.0.5>\r\nContact: <sip:alice@10.0.0.55>',
    'Contact: *',
    'Contact: <nonsense',
    'Contact: <tel:+4930>',
    'X-None: 1',
  ]
  for (const [index, line] of contacts.entries()) {
    story.sides.alice.callId = `bad-${index}@h`
    await story.say(
      'alice',
      story
        .request('alice', 'INVITE', { uri, to: `<${uri}>`, cseq: 1, more: [story.up] })
        .replace(/Contact: [^\r]*/, line),
    )
  }
}

/** Replies to an INVITE whose Contacts are not as they should be. */
async function badReplies(story: Story): Promise<void> {
  const contacts = [
    'Contact: sip:bob@10.0.0.6',
    'Contact: <sip:bob@10.0.0.6>, <sip:bob@10.0.0.66>',
    'Contact: <nonsense',
    'X-None: 1',
  ]
  for (const status of ['180 Ringing', '200 OK'])
    for (const [index, line] of contacts.entries()) {
      story.sides.alice.callId = `bad-${status.slice(0, 3)}-${index}@h`
      story.sides.alice.peer = `<${story.uriOf('bob')}>`
      await story.invite()
      await story.answer('bob', 'INVITE', status, { contact: '', more: [line] })
    }
}

/** What sanity would not let pass, outside of a dialog and inside of one. */
async function insane(story: Story): Promise<void> {
  await story.invite()
  await answered(story)
  const uri = story.uriOf('bob')
  const faults = ['Content-Length: 9', 'Expires: soon', 'Proxy-Require: magic']
  for (const [index, fault] of faults.entries()) {
    const cseq = index + 10
    const line = fault.startsWith('Content') ? 'Content-Length: 0' : 'Max-Forwards: 70'
    const outside = story.request('alice', 'INFO', { uri, to: `<${uri}>`, cseq, more: [story.up] })
    await story.say('alice', outside.replace(line, fault))
    await story.answer('bob', 'INFO', '200 OK')
    const before = story.heard.length
    await story.say('alice', story.request('alice', 'INFO', { cseq }).replace(line, fault))
    if (story.heard.slice(before).some(({ message }) => message.isRequest))
      await story.answer('bob', 'INFO', '200 OK')
  }
  await story.inside('bob', 'BYE')
}

/** Headers in other forms: compact, several values in a line, folded. */
async function otherForms(story: Story): Promise<void> {
  const uri = story.uriOf('bob')
  const invite = story
    .request('alice', 'INVITE', { uri, to: `<${uri}>`, cseq: 1 })
    .replace(/\r\nVia: (SIP\/2.0\/UDP 10[^\r]*)/, ',\r\n $1')
    .replace('Via: ', 'v: ')
    .replace('Contact: ', `${story.up}, <sip:10.0.0.5;lr;x=upper>\r\nm:  "Alice" `)
    .replace('Call-ID', 'i')
    .replace('From: ', 'f:   ')
  await story.say('alice', invite)
  await story.answer('bob', 'INVITE', '200 OK', { compact: true })
  await story.say('alice', story.request('alice', 'ACK'))
  bobKnowsHisRoute(story)
  await story.inside('bob', 'INFO')
  await story.inside('alice', 'INFO')
  await story.inside('bob', 'BYE')
}

/** The caller gives up, and the callee has answered already. */
async function crossed(story: Story): Promise<void> {
  await story.invite()
  await story.answer('bob', 'INVITE', '180 Ringing')
  const cancel = said(story, 'alice', 'INVITE')
    .split('\r\n')
    .filter(line => !/^(Contact|Record-Route|Via: SIP\/2.0\/UDP 10)/.test(line))
    .join('\r\n')
    .replaceAll('INVITE', 'CANCEL')
  await story.say('alice', cancel)
  await story.answer('bob', 'INVITE', '200 OK')
  await story.answer('bob', 'CANCEL', '481 Too Late')
  await story.say('alice', story.request('alice', 'ACK'))
  await story.inside('alice', 'BYE')
}

/** The server is asked to answer within a call, and to refuse. */
async function redirected(story: Story): Promise<void> {
  await story.invite()
  await story.answer('bob', 'INVITE', '302 Moved', { contact: 'sip:carol@10.0.0.6' })
  await story.say('alice', ackOf(said(story, 'alice', 'INVITE'), story.last('alice', '302 INVITE')))
}

export const STORIES = {
  call: (story: Story) => story.call(),
  cancelled: (story: Story) => story.cancelled(),
  referred: (story: Story) => story.referred(),
  early,
  earlyBye,
  subscribed,
  notifiedEarly,
  subscribedPlainly,
  unsubscribed,
  referredInCall,
  referredAlone,
  moved,
  rerouted,
  repeated,
  forked,
  forkedTwice,
  passedOn,
  alone,
  challenged,
  forged,
  badContacts,
  badReplies,
  insane,
  otherForms,
  crossed,
  redirected,
} satisfies Record<string, (story: Story) => Promise<void>>

export type StoryName = keyof typeof STORIES
