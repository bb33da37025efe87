/** The functions that replace. */
import { computed, fn, format, text } from '../../../core/module/index.ts'
import { ANY_ROUTE } from '../../../core/route-bits.ts'
import * as search from '../search.ts'
import * as subst from '../subst.ts'
import {
  MESSAGES,
  expression,
  everyExpression,
  wholeExpression,
  substitution,
  which,
  extent,
  header,
} from './arguments.ts'

export const replacing = {
  replace: fn({
    doc: 'Replace the first match in the message.',
    args: [computed(expression), computed(text('txt'))],
    routes: ANY_ROUTE,
    run: search.replace,
  }),
  replace_all: fn({
    doc: 'Replace all matches in the message.',
    args: [computed(everyExpression), computed(text('txt'))],
    routes: ANY_ROUTE,
    run: search.replace,
  }),
  replace_hdrs: fn({
    doc: 'Replace the first match in the headers.',
    args: [computed(expression), computed(text('txt'))],
    routes: ANY_ROUTE,
    run: search.replaceHeaders,
  }),
  replace_body: fn({
    doc: 'Replace the first match in the body.',
    args: [computed(expression), computed(text('txt'))],
    routes: ANY_ROUTE,
    run: search.replaceBody,
  }),
  replace_body_all: fn({
    doc: 'Replace all matches in the body, line by line.',
    args: [computed(everyExpression), computed(text('txt'))],
    routes: ANY_ROUTE,
    run: search.replaceBody,
  }),
  replace_body_atonce: fn({
    doc: 'Replace all matches in the body, taken as one piece.',
    args: [computed(wholeExpression), computed(text('txt'))],
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
