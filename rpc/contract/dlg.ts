import {
  either,
  int,
  list,
  looseText,
  map,
  maybe,
  methods,
  nothing,
  orNull,
  record,
  scalar,
  several,
  text,
} from '../schema.ts'

/** What nobody knows before the answer is null. */
const side = record({
  tag: orNull(text()),
  contact: orNull(text()),
  cseq: orNull(text()),
  route_set: orNull(text()),
  socket: orNull(text()),
})
const dialog = record({
  h_entry: int('slot'),
  h_id: int('number within the slot'),
  ref: int(),
  'call-id': text(),
  from_uri: text(),
  to_uri: text(),
  state: int('1 unconfirmed, 2 early, 3 answered, 4 confirmed, 5 ended'),
  start_ts: int('seconds since 1970 of the answer; 0: none yet'),
  init_ts: int('of the INVITE'),
  end_ts: int(),
  duration: int('seconds since the answer'),
  timeout: int('seconds since 1970 at which its lifetime is over'),
  lifetime: int(),
  dflags: int(),
  sflags: int('flags of the script'),
  iflags: int(),
  caller: side,
  callee: side,
  profiles: list(either(text('profile'), map(text(), 'profile: value'))),
  variables: list(map(text())),
})
/** The members that dlg.briefing was asked for. */
const summary = record({
  h_entry: int(),
  h_id: int(),
  from_uri: maybe(text()),
  to_uri: maybe(text()),
  'call-id': maybe(text()),
  from_tag: maybe(text()),
  to_tag: maybe(text()),
  init_ts: maybe(int()),
  start_ts: maybe(int()),
  end_ts: maybe(int()),
  state: maybe(int()),
})

const dialogs = list(dialog)
const ofCall = [text('callid'), maybe(text('from-tag'))] as const
const matching = [
  text('ruri, furi, turi, callid or start_ts'),
  text('eq, re, sw, gt or lt'),
  text('value'),
  maybe(int('limit')),
] as const
const invalid = [[500, 'Invalid parameters']] as const
const tags = [looseText('callid'), looseText('from-tag'), looseText('to-tag')] as const
const ofProfile = [looseText('profile'), maybe(looseText('value'))] as const

/** `dlg.*` - the calls that dialog keeps. */
export const dlg = methods({
  'dlg.list': { doc: 'Print all dialogs', class: 'read', params: [], result: dialogs },
  'dlg.list_ctx': {
    doc: 'Print all dialogs with associated context',
    class: 'read',
    params: [],
    result: dialogs,
  },
  'dlg.list_match': {
    doc: 'Print matching dialogs',
    class: 'read',
    params: matching,
    result: dialogs,
    badParams: invalid,
  },
  'dlg.list_match_ctx': {
    doc: 'Print matching dialogs with associated context',
    class: 'read',
    params: matching,
    result: dialogs,
    badParams: invalid,
  },
  'dlg.briefing': {
    doc: 'List the summary of dialog records in memory',
    class: 'read',
    params: [maybe(text('columns, of ftcFTISEs'))],
    result: list(summary),
  },
  'dlg.dlg_list': {
    doc: 'Print dialog based on callid and optionally fromtag',
    class: 'read',
    params: ofCall,
    result: several(dialog),
  },
  'dlg.dlg_list_ctx': {
    doc: 'Print dialog with associated context based on callid and optionally fromtag',
    class: 'read',
    params: ofCall,
    result: several(dialog),
  },
  'dlg.dump_file': {
    doc: 'Print all dialogs to json file',
    class: 'danger',
    params: [text('file')],
    result: nothing,
  },
  'dlg.end_dlg': {
    doc: 'End a given dialog based on [h_entry] [h_id]',
    class: 'danger',
    params: [int('h_entry'), int('h_id'), maybe(text('headers'))],
    result: nothing,
    badParams: invalid,
  },
  'dlg.terminate_dlg': {
    doc: 'End a given dialog based on callid',
    class: 'danger',
    params: tags,
    result: nothing,
    badParams: [[400, 'Need a Callid ,from tag ,to tag']],
  },
  'dlg.set_state': {
    doc: 'Set state for a dialog based on callid and tags',
    class: 'danger',
    params: [...tags, scalar('state, 1 to 5')],
    result: text('Done'),
    badParams: [[400, 'Need the callid, from tag,to tag and state']],
  },
  'dlg.is_alive': {
    doc: 'Check whether dialog is alive or not',
    class: 'read',
    params: tags,
    result: text('Alive'),
    badParams: [[400, 'Too few parameters (required callid, from-tag, to-tag)']],
  },
  'dlg.stats_active': {
    doc: 'Get stats about active dialogs',
    class: 'read',
    params: [],
    result: record({
      starting: int('state 1'),
      connecting: int('state 2'),
      answering: int('state 3'),
      ongoing: int('state 4'),
      all: int('those together'),
    }),
  },
  'dlg.profile_get_size': {
    doc: 'Returns the number of dialogs belonging to a profile',
    class: 'read',
    params: ofProfile,
    result: int(),
  },
  'dlg.profile_list': {
    doc: 'Lists all the dialogs belonging to a profile',
    class: 'read',
    params: ofProfile,
    result: dialogs,
  },
  'dlg.bridge_dlg': {
    doc:
      'Bridge two SIP addresses in a call using INVITE(hold)-REFER-BYE mechanism: ' +
      'to, from, [outbound SIP proxy]',
    class: 'danger',
    params: [text('from'), text('to'), maybe(text('outbound proxy')), maybe(text('body'))],
    result: nothing,
    badParams: invalid,
  },
  'ohana.dialogs': {
    doc: 'Dialogs page by page, where dlg.list would be too much at once',
    class: 'read',
    params: [
      maybe(text('Next of the page before; empty for the first one')),
      maybe(int('dialogs of a page, 100 when absent, 1000 at most')),
    ],
    result: record({
      Dialogs: dialogs,
      Next: text('for the next page; empty when this is the last one'),
    }),
  },
})
