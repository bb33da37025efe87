/** The surface of textops: every name that a config can use. */
import {
  ANY_ROUTE,
  BRANCH_FAILURE_ROUTE,
  BRANCH_ROUTE,
  defineModule,
  EVENT_ROUTE,
  FAILURE_ROUTE,
  fn,
  format,
  int,
  literal,
  LOCAL_ROUTE,
  ONREPLY_ROUTE,
  optional,
  parsed,
  REQUEST_ROUTE,
  text,
  writablePvar,
} from '../../core/module.ts'
import { parseSubstitution } from '../../core/substitution.ts'
import { headerName } from '../../sip/header-match.ts'
import { hasBody, isAudioOnHold, parseMime, setBody } from './body.ts'
import * as headers from './headers.ts'
import { isMethod, parseMethods } from './methods.ts'
import * as multipart from './multipart.ts'
import { isPrivacy, parsePrivacy } from './privacy.ts'
import { substituteValue } from './re.ts'
import { appendTime, appendTimeToRequest, appendToReply, setReplyBody } from './replies.ts'
import * as search from './search.ts'
import * as strings from './strings.ts'
import * as subst from './subst.ts'
import { Textops } from './textops.ts'

/** Routes that run for a request that goes on. */
const REQUESTS =
  REQUEST_ROUTE | FAILURE_ROUTE | BRANCH_ROUTE | EVENT_ROUTE | LOCAL_ROUTE | BRANCH_FAILURE_ROUTE
const MESSAGES = REQUESTS | ONREPLY_ROUTE

const expression = literal('re', search.parseRegex)
const everyExpression = literal('re', search.parseEveryRegex)
const wholeExpression = literal('re', search.parseWholeRegex)
const substitution = literal('expression', parseSubstitution)
const which = literal('flags', search.parseWhich)
const extent = parsed('mode', search.parseExtent)
const header = literal('hf_name', headerName)
const dynamicHeader = parsed('hf_name', headerName)
const separator = parsed('separator', strings.parseSeparator)

const searching = {
  search: fn({
    doc: 'Does the message match?',
    args: [expression],
    routes: ANY_ROUTE,
    run: search.search,
  }),
  search_body: fn({
    doc: 'Does the body match?',
    args: [expression],
    routes: ANY_ROUTE,
    run: search.searchBody,
  }),
  search_str: fn({
    doc: 'Does a text match?',
    args: [format('text'), format('re')],
    routes: ANY_ROUTE,
    run: search.searchText,
  }),
  search_hf: fn({
    doc: 'Does the body of a header match? Flags: a all, f first, l last of that name.',
    args: [header, expression, which],
    routes: ANY_ROUTE,
    run: search.searchHeader,
  }),
  search_append: fn({
    doc: 'Put a text behind the first match in the message.',
    args: [expression, text('txt')],
    routes: ANY_ROUTE,
    run: search.searchAppend,
  }),
  search_append_body: fn({
    doc: 'Put a text behind the first match in the body.',
    args: [expression, text('txt')],
    routes: ANY_ROUTE,
    run: search.searchAppendBody,
  }),
  regex_substring: fn({
    doc: 'Put one group of a match into a variable.',
    args: [format('itext'), format('regexp'), int('mindex'), int('mcount'), writablePvar('dpv')],
    routes: MESSAGES,
    run: strings.regexSubstring,
  }),
}

const replacing = {
  replace: fn({
    doc: 'Replace the first match in the message.',
    args: [expression, text('txt')],
    routes: ANY_ROUTE,
    run: search.replace,
  }),
  replace_all: fn({
    doc: 'Replace all matches in the message.',
    args: [everyExpression, text('txt')],
    routes: ANY_ROUTE,
    run: search.replace,
  }),
  replace_hdrs: fn({
    doc: 'Replace the first match in the headers.',
    args: [expression, text('txt')],
    routes: ANY_ROUTE,
    run: search.replaceHeaders,
  }),
  replace_body: fn({
    doc: 'Replace the first match in the body.',
    args: [expression, text('txt')],
    routes: ANY_ROUTE,
    run: search.replaceBody,
  }),
  replace_body_all: fn({
    doc: 'Replace all matches in the body, line by line.',
    args: [everyExpression, text('txt')],
    routes: ANY_ROUTE,
    run: search.replaceBody,
  }),
  replace_body_atonce: fn({
    doc: 'Replace all matches in the body, taken as one piece.',
    args: [wholeExpression, text('txt')],
    routes: ANY_ROUTE,
    run: search.replaceBody,
  }),
  replace_str: fn({
    doc: 'Replace a text in headers and body; mode f: the first, a: all.',
    args: [format('match'), format('repl'), extent],
    routes: ANY_ROUTE,
    run: search.replaceText,
  }),
  replace_hdrs_str: fn({
    doc: 'Replace a text in the headers.',
    args: [format('match'), format('repl'), extent],
    routes: ANY_ROUTE,
    run: search.replaceHeadersText,
  }),
  replace_body_str: fn({
    doc: 'Replace a text in the body.',
    args: [format('match'), format('repl'), extent],
    routes: ANY_ROUTE,
    run: search.replaceBodyText,
  }),
  subst: fn({
    doc: 'Substitute in the message.',
    args: [substitution],
    routes: ANY_ROUTE,
    run: subst.substitute,
  }),
  subst_body: fn({
    doc: 'Substitute in the body.',
    args: [substitution],
    routes: ANY_ROUTE,
    run: subst.substituteBody,
  }),
  subst_hf: fn({
    doc: 'Substitute in the body of a header.',
    args: [header, substitution, which],
    routes: ANY_ROUTE,
    run: subst.substituteHeader,
  }),
  subst_uri: fn({
    doc: 'Substitute in the request URI.',
    args: [substitution],
    routes: MESSAGES,
    run: subst.substituteUri,
  }),
  subst_user: fn({
    doc: 'Substitute in the user part of the request URI.',
    args: [substitution],
    routes: MESSAGES,
    run: subst.substituteUser,
  }),
}

const headerFunctions = {
  append_hf: fn({
    doc: 'Add a header at the end, or after the last header hdr.',
    args: [format('txt'), optional(header)],
    routes: ANY_ROUTE,
    run: headers.appendHeader,
  }),
  insert_hf: fn({
    doc: 'Add a header at the top, or before the first header hdr.',
    args: [format('txt'), optional(header)],
    routes: ANY_ROUTE,
    run: headers.insertHeader,
  }),
  append_urihf: fn({
    doc: 'Add a header made of prefix, the received request URI and suffix.',
    args: [format('prefix'), format('suffix')],
    routes: REQUESTS,
    run: headers.appendUriHeader,
  }),
  remove_hf: fn({
    doc: 'Remove all headers of this name.',
    args: [header],
    routes: ANY_ROUTE,
    run: headers.removeHeader,
  }),
  remove_hf_pv: fn({
    doc: 'Remove all headers of a name that may hold variables.',
    args: [dynamicHeader],
    routes: ANY_ROUTE,
    run: headers.removeNamed,
  }),
  remove_hf_re: fn({
    doc: 'Remove all headers whose name matches.',
    args: [expression],
    routes: ANY_ROUTE,
    run: headers.removeMatching,
  }),
  remove_hf_re_pv: fn({
    doc: 'Remove all headers whose name matches an expression that may hold variables.',
    args: [format('re')],
    routes: ANY_ROUTE,
    run: headers.removeMatchingText,
  }),
  remove_hf_exp: fn({
    doc: 'Remove all headers whose name matches expmatch and not expskip.',
    args: [literal('expmatch', search.parseRegex), literal('expskip', search.parseRegex)],
    routes: ANY_ROUTE,
    run: headers.removeMatching,
  }),
  remove_hf_exp_pv: fn({
    doc: 'The same with expressions that may hold variables.',
    args: [format('expmatch'), format('expskip')],
    routes: ANY_ROUTE,
    run: headers.removeMatchingText,
  }),
  remove_hf_idx: fn({
    doc: 'Remove one header of this name, counted from 0, or from -1 backwards.',
    args: [format('hname'), int('idx')],
    routes: ANY_ROUTE,
    run: headers.removeAt,
  }),
  remove_hf_match: fn({
    doc: 'Remove the headers of this name whose body fits; op: eq, ne, in or re.',
    args: [format('hname'), format('op'), format('expr')],
    routes: ANY_ROUTE,
    run: headers.removeFitting,
  }),
  is_present_hf: fn({
    doc: 'Is there a header of this name?',
    args: [header],
    routes: ANY_ROUTE,
    run: headers.isPresent,
  }),
  is_present_hf_pv: fn({
    doc: 'Is there a header of a name that may hold variables?',
    args: [dynamicHeader],
    routes: ANY_ROUTE,
    run: headers.isPresent,
  }),
  is_present_hf_re: fn({
    doc: 'Is there a header whose name matches?',
    args: [expression],
    routes: ANY_ROUTE,
    run: headers.isPresentMatching,
  }),
  is_present_hf_re_pv: fn({
    doc: 'The same with an expression that may hold variables.',
    args: [format('hf_name_re')],
    routes: ANY_ROUTE,
    run: headers.isPresentMatchingText,
  }),
  append_time_to_request: fn({
    doc: 'Add a Date header.',
    args: [],
    routes: ANY_ROUTE,
    run: appendTimeToRequest,
  }),
  is_method: fn({
    doc: 'Is the method one of these? INVITE|BYE',
    args: [literal('name', parseMethods)],
    routes: ANY_ROUTE,
    run: isMethod,
  }),
  is_privacy: fn({
    doc: 'Does Privacy hold this value?',
    args: [literal('privacy_type', parsePrivacy)],
    routes: ANY_ROUTE,
    run: isPrivacy,
  }),
}

const replyFunctions = {
  append_to_reply: fn({
    doc: 'Add a header to the replies that this node makes.',
    args: [format('txt')],
    routes: REQUESTS,
    run: appendToReply,
  }),
  append_time: fn({
    doc: 'Add a Date header to the replies that this node makes.',
    args: [],
    routes: REQUESTS,
    run: appendTime,
  }),
  set_reply_body: fn({
    doc: 'Give the reply that this node makes a body.',
    args: [format('txt'), format('content_type')],
    routes: REQUESTS,
    run: setReplyBody,
  }),
}

const bodyFunctions = {
  set_body: fn({
    doc: 'Replace the body.',
    args: [format('txt'), format('content_type')],
    routes: MESSAGES,
    run: setBody,
  }),
  has_body: fn({
    doc: 'Is there a body, of this type?',
    args: [optional(literal('mime', parseMime))],
    routes: ANY_ROUTE,
    run: hasBody,
  }),
  is_audio_on_hold: fn({
    doc: 'Is an audio stream of the SDP on hold?',
    args: [],
    routes: ANY_ROUTE,
    run: isAudioOnHold,
  }),
  filter_body: fn({
    doc: 'Leave only the first part of this type of a multipart body.',
    args: [format('content_type')],
    routes: ANY_ROUTE,
    run: multipart.filterBody,
  }),
  set_body_multipart: fn({
    doc: 'Make a multipart body of one part: of txt, or of the body that is there.',
    args: [optional(format('txt')), optional(format('content_type')), optional(format('boundary'))],
    routes: REQUESTS,
    run: multipart.setMultipart,
  }),
  append_body_part: fn({
    doc: 'Add a part to a multipart body.',
    args: [format('txt'), format('content_type'), optional(format('content_disposition'))],
    routes: REQUESTS,
    run: multipart.appendPart,
  }),
  append_body_part_hex: fn({
    doc: 'Add a part, given in hexadecimal digits, to a multipart body.',
    args: [format('txt'), format('content_type'), optional(format('content_disposition'))],
    routes: REQUESTS,
    run: multipart.appendHexPart,
  }),
  get_body_part: fn({
    doc: 'Put the first part of this type into a variable.',
    args: [format('content_type'), writablePvar('opv')],
    routes: MESSAGES,
    run: multipart.getPart,
  }),
  get_body_part_raw: fn({
    doc: 'The same with the headers of the part and the boundary behind it.',
    args: [format('content_type'), writablePvar('opv')],
    routes: MESSAGES,
    run: multipart.getRawPart,
  }),
  remove_body_part: fn({
    doc: 'Remove the first part of this type.',
    args: [format('content_type')],
    routes: REQUESTS,
    run: multipart.removePart,
  }),
}

const twoTexts = [format('str1'), format('str2')] as const
const inListArgs = [format('subject'), format('list'), separator] as const

const textFunctions = {
  in_list: fn({
    doc: 'Is a text an item of a list?',
    args: inListArgs,
    routes: ANY_ROUTE,
    run: strings.inList,
  }),
  in_list_prefix: fn({
    doc: 'Does a text start with an item of a list?',
    args: inListArgs,
    routes: ANY_ROUTE,
    run: strings.inListPrefix,
  }),
  cmp_str: fn({
    doc: 'Are two texts equal?',
    args: twoTexts,
    routes: ANY_ROUTE,
    run: strings.compare,
  }),
  cmp_istr: fn({
    doc: 'Are two texts equal but for the case of letters?',
    args: twoTexts,
    routes: ANY_ROUTE,
    run: strings.compareIgnoringCase,
  }),
  starts_with: fn({
    doc: 'Does str1 start with str2?',
    args: twoTexts,
    routes: ANY_ROUTE,
    run: strings.startsWith,
  }),
  ends_with: fn({
    doc: 'Does str1 end with str2?',
    args: twoTexts,
    routes: ANY_ROUTE,
    run: strings.endsWith,
  }),
  str_find: fn({
    doc: 'Where is str2 in str1, counted from 1?',
    args: twoTexts,
    routes: ANY_ROUTE,
    run: strings.find,
  }),
  str_ifind: fn({
    doc: 'The same, whatever the case of letters.',
    args: twoTexts,
    routes: ANY_ROUTE,
    run: strings.findIgnoringCase,
  }),
}

export default defineModule({
  name: 'textops',
  doc: 'Searches, compares and changes the text of messages.',
  needs: {},
  params: {},
  instance: Textops,
  functions: {
    ...searching,
    ...replacing,
    ...headerFunctions,
    ...replyFunctions,
    ...bodyFunctions,
    ...textFunctions,
  },
  transformations: {
    re: {
      subst: {
        doc: 'Substitute in the value.',
        minArgs: 1,
        maxArgs: 64,
        run: substituteValue,
      },
    },
  },
})
