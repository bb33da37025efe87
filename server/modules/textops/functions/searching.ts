/** The functions that search. */
import { computed, fn, format, int, text, writablePvar } from '../../../core/module/index.ts'
import { ANY_ROUTE } from '../../../core/route-bits.ts'
import * as search from '../search.ts'
import * as strings from '../strings.ts'
import { MESSAGES, expression, which, header } from './arguments.ts'

export const searching = {
  search: fn({
    doc: 'Does the message match?',
    args: [computed(expression)],
    routes: ANY_ROUTE,
    run: search.search,
  }),
  search_body: fn({
    doc: 'Does the body match?',
    args: [computed(expression)],
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
    args: [computed(expression), computed(text('txt'))],
    routes: ANY_ROUTE,
    run: search.searchAppend,
  }),
  search_append_body: fn({
    doc: 'Put a text behind the first match in the body.',
    args: [computed(expression), computed(text('txt'))],
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
