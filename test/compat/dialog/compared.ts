// What is compared of the two tellings, and where ours is another with good reason.
import type { Call, Outcome, Setup } from './facts.ts'

interface Difference {
  /** Names of setups; all of a folder when it ends in a slash. */
  in: string
  call?: string
  /** Lines that are left out on both sides, or are other ones. */
  lines: RegExp
  as?: string
}

const DIFFERENCES: Difference[] = [
  // RFC 3261 section 8.1.1: also an ACK has Max-Forwards. Kamailio's, to an INVITE of its own, has
  // none.
  ...['bridge', 'bridge-named'].map(name => ({ in: name, lines: /^Max-Forwards: 70$/ })),
  // What Kamailio's process dealt with before: no dialog is known.
  ...[0, 1, 2].map(mode => ({
    in: `matching-${mode}`,
    lines: /^(failure: BYE .*) status=4 known=0/,
    as: '$1 status=<null> known=0',
  })),
  // Which of two dialogs with the same Call-ID and tag the script is shown, is chance.
  { in: 'named', call: 'spiral', lines: /^(reply: INVITE 200) state=\d/, as: '$1' },
  // In Kamailio the timer does not run yet when the script hears of the answer.
  { in: 'everywhere', lines: /^start dlg_set_timeout/ },
  // RFC 3261 section 12.1.1 wants a Contact: of what cannot be, ours ends what it can.
  { in: 'odd', call: 'a 200 without Contact', lines: /^/ },
  // Kamailio counts dialogs as ringing for ever that nobody answered, or that nobody rang for.
  { in: 'cleaning', lines: /early_dialogs = / },
  // Kamailio has the tag of the caller twice.
  { in: 'functions', lines: /"to_tag":"[ab]1"\}\]\}$/, as: '' },
  // 5.6.3 ends nothing that is not answered; ours refuses and cancels, as later versions do.
  ...['BYE while it rings', 'BYE before all', 'ended by RPC while it rings'].map(call => ({
    in: 'control',
    call,
    lines: /^/,
  })),
  // Alone towards the caller Kamailio turns all routes round, and the BYE goes to the callee.
  { in: 'proxies-2', lines: /"route_set"|hears BYE sip:alice|^(?:Route|Via): |^end / },
  // Here the interval is the lifetime; in Kamailio it comes too late for that.
  { in: 'sst/', lines: /life=\d+/, as: 'life' },
  { in: 'sst/', lines: /^Require: timer$/ },
  // So it ends here, and is counted.
  { in: 'over', lines: /expired_|^end life|UPDATE 200|branch UPDATE/ },
  // Nobody would refresh for this one.
  { in: 'sst/', call: 'nobody wants a timer', lines: /^Session-Expires: \d+;refresher=uac$/ },
  // Where no name was put in, Kamailio takes it away in later requests.
  { in: 'auto', lines: /^From: (?:"alice"|) <sip:nobody@/, as: 'From: <sip:nobody@' },
  // Replies to the callee have the To, or From, of its request, whichever was replaced.
  ...['From', 'replaced again'].map(call => ({
    in: 'auto',
    call,
    lines: /^To: "alice" <sip:(?:alice@example.com|nobody@example.net)>/,
    as: 'To: <alice>',
  })),
  { in: 'auto', call: 'To', lines: /^From: <sip:(?:bob@example.org|help@example.net)>;tag=b1/ },
  // An ACK has the number of its INVITE (RFC 3261 section 17.1.1.3).
  { in: 'counted', call: 'a request within authenticated', lines: /^CSeq: [23] ACK$/ },
  { in: 'counted', lines: /^P-K-CSeq-Refresh: / },
]

const concerns = (one: Difference, setup: Setup, call: Call): boolean =>
  (one.in === setup.name || one.in === `${setup.folder ?? 'dialog'}/`) &&
  (one.call === undefined || one.call === call.name)

const linesOf = ({ step, log = [], heard = [], reply }: Outcome): string[] => [
  `-- ${step}`,
  ...log,
  ...heard.flatMap(text => text.split('\n')),
  ...(reply === undefined ? [] : [JSON.stringify(reply)]),
]

/** Of a call that sst refuses: here it ends there, while Kamailio relays the INVITE as well. */
const refusalOf = (told: readonly Outcome[]): string | undefined =>
  told[0]?.heard?.find(text => text.startsWith('alice hears SIP/2.0 422 Session Timer Too Small'))

/** The lines of a call that must be the same. */
export function compared(setup: Setup, call: Call, told: readonly Outcome[]): string[] {
  const refusal = refusalOf(told)
  if (refusal !== undefined) return [refusal]
  const differences = DIFFERENCES.filter(one => concerns(one, setup, call))
  let lines = told.flatMap(linesOf)
  for (const { lines: pattern, as } of differences) {
    lines =
      as === undefined
        ? lines.filter(line => !pattern.test(line))
        : lines.map(line => line.replace(pattern, as))
  }
  return lines
}
