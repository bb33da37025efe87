/** The functions that ask. */
import { fn, format, int, optional } from '../../../core/module/index.ts'
import { ANY_ROUTE, FAILURE_ROUTE } from '../../../core/route-bits.ts'
import * as message from '../message-checks.ts'
import * as check from '../text-checks.ts'
import * as compare from '../compare.ts'
import { ARRIVING } from './routes.ts'

const value = [format('tval')] as const

export const messageChecks = {
  is_request: fn({
    doc: 'Is the message a request?',
    args: [],
    routes: ANY_ROUTE,
    run: message.isRequest,
  }),
  is_reply: fn({
    doc: 'Is the message a reply?',
    args: [],
    routes: ANY_ROUTE,
    run: message.isReply,
  }),
  has_totag: fn({
    doc: 'Has To a tag: is the request one inside a dialog?',
    args: [],
    routes: ANY_ROUTE,
    run: message.hasToTag,
  }),
  is_supported: fn({
    doc: 'Does Supported name this extension?',
    args: [format('option')],
    routes: ANY_ROUTE,
    run: message.isSupported,
  }),
  is_first_hop: fn({
    doc: 'Did the message come from its sender directly?',
    args: [optional(int('mode'))],
    routes: ANY_ROUTE,
    kemi: 'is_first_hop() is_first_hop_mode',
    run: message.isFirstHop,
  }),
  hdr_date_check: fn({
    doc: 'Is Date no more than this many seconds old?',
    args: [int('tdiff')],
    routes: ANY_ROUTE,
    run: message.checkDate,
  }),
  is_user: fn({
    doc: 'Is this the user of the credentials that auth has looked at?',
    args: [format('username')],
    routes: ARRIVING,
    run: message.isUser,
  }),
}

export const textChecks = {
  is_e164: fn({
    doc: 'Is it a + and digits?',
    args: value,
    routes: ARRIVING | FAILURE_ROUTE,
    run: check.isE164,
  }),
  is_uri_user_e164: fn({
    doc: 'Is the user part of a URI a + and digits?',
    args: value,
    routes: ANY_ROUTE,
    run: check.isUserE164,
  }),
  is_rpid_user_e164: fn({
    doc: 'Is the user part of the identity found by authentication a + and digits?',
    args: [],
    routes: ARRIVING,
    run: check.isRpidUserE164,
  }),
  is_uri: fn({ doc: 'Is it a URI?', args: value, routes: ANY_ROUTE, run: check.isUriText }),
  is_tel_number: fn({
    doc: 'Is it digits, with or without a +?',
    args: value,
    routes: ANY_ROUTE,
    run: check.isTelNumber,
  }),
  is_numeric: fn({ doc: 'Is it digits?', args: value, routes: ANY_ROUTE, run: check.isNumeric }),
  is_alphanum: fn({
    doc: 'Is it letters and digits?',
    args: value,
    routes: ANY_ROUTE,
    run: check.isAlphanum,
  }),
  is_alphanumex: fn({
    doc: 'Is it letters, digits and characters of eset?',
    args: [format('tval'), format('eset')],
    routes: ANY_ROUTE,
    run: check.isAlphanumOr,
  }),
  is_gruu: fn({
    doc: 'Is it a GRUU? 1 public, 2 temporary.',
    args: [optional(format('uri'))],
    routes: ANY_ROUTE,
    kemi: 'is_gruu()',
    run: check.isGruu,
  }),
  cmp_uri: fn({
    doc: 'Are two URIs equivalent?',
    args: [format('str1'), format('str2')],
    routes: ANY_ROUTE,
    run: compare.compareUris,
  }),
  cmp_aor: fn({
    doc: 'Are two URIs the same address of record?',
    args: [format('str1'), format('str2')],
    routes: ANY_ROUTE,
    run: compare.compareAors,
  }),
  cmp_hdr_name: fn({
    doc: 'Are two names of headers the same?',
    args: [format('str1'), format('str2')],
    routes: ANY_ROUTE,
    run: compare.compareHeaderNames,
  }),
}
