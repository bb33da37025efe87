/** The functions about headers and the method. */
import { parseMethods } from '../../../core/methods.ts'
import { computed, fn, format, int, literal, optional } from '../../../core/module/index.ts'
import { ANY_ROUTE } from '../../../core/route-bits.ts'
import * as search from '../search.ts'
import * as headers from '../headers.ts'
import { isMethod } from '../methods.ts'
import { isPrivacy, parsePrivacy } from '../privacy.ts'
import { appendTime, appendTimeToRequest, appendToReply, setReplyBody } from '../replies.ts'
import { REQUESTS, expression, header, dynamicHeader } from './arguments.ts'

const matching = (name: string) => computed(literal(name, search.parseRegex))

export const headerFunctions = {
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
    args: [computed(header)],
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
    args: [computed(expression)],
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
    args: [matching('expmatch'), matching('expskip')],
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
    args: [computed(header)],
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
    args: [computed(expression)],
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

export const replyFunctions = {
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
