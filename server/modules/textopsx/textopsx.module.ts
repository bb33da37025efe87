/** The surface of textopsx: every name that a config can use. */
import {
  computed,
  defineModule,
  fn,
  format,
  int,
  keyed,
  literal,
  optional,
} from '../../core/module/index.ts'
import {
  ANY_ROUTE,
  BRANCH_FAILURE_ROUTE,
  BRANCH_ROUTE,
  EVENT_ROUTE,
  FAILURE_ROUTE,
  LOCAL_ROUTE,
  ONREPLY_ROUTE,
  REQUEST_ROUTE,
} from '../../core/route-bits.ts'
import * as lines from './body-iterators.ts'
import * as changes from './changes.ts'
import { matchPattern } from './fnmatch.ts'
import * as headers from './header-iterators.ts'
import { kemi } from './kemi.ts'
import { Textopsx } from './textopsx.ts'
import { parseSetName, parseValueName } from './value-places.ts'
import * as values from './values.ts'

/** Where the message is still the one that came in. */
const ARRIVAL = REQUEST_ROUTE | EVENT_ROUTE | LOCAL_ROUTE | BRANCH_FAILURE_ROUTE | ONREPLY_ROUTE
const MESSAGES = ARRIVAL | FAILURE_ROUTE | BRANCH_ROUTE

const iterator = [format('iname')] as const
const iteratorAndText = [format('iname'), format('text')] as const
const value = format('hvalue')
const appendPlace = literal('hf', values.parseAppend)
const assignPlace = literal('hf', values.parseAssign)
const removePlace = literal('hf_par', parseValueName)
const set = literal('hf', parseSetName)

const wholeMessage = {
  msg_apply_changes: fn({
    doc: 'Make the changes so far part of the text that later functions see.',
    args: [],
    routes: ARRIVAL,
    run: changes.applyChanges,
  }),
  msg_set_buffer: fn({
    doc: 'Put another message in place of this one.',
    args: [format('data')],
    routes: ARRIVAL,
    run: changes.setBuffer,
  }),
  change_reply_status: fn({
    doc: 'Change status code and reason phrase of a reply before it goes on.',
    args: [int('code'), format('reason')],
    routes: ONREPLY_ROUTE,
    run: changes.changeStatus,
  }),
  change_reply_status_code: fn({
    doc: 'Change the status code of a reply before it goes on.',
    args: [int('vcode')],
    routes: ONREPLY_ROUTE,
    run: changes.changeStatusCode,
  }),
  remove_body: fn({
    doc: 'Remove the body.',
    args: [],
    routes: ANY_ROUTE,
    run: changes.removeBody,
  }),
  keep_hf: fn({
    doc: 'Remove the headers whose name does not match and that a message can do without.',
    args: [optional(computed(literal('regexp', changes.parseNames)))],
    routes: ANY_ROUTE,
    kemi: 'keep_hf() keep_hf_re',
    run: changes.keepHeaders,
  }),
  fnmatch: fn({
    doc: 'Does a value match a shell pattern? Flag i: whatever the case of letters.',
    args: [format('value'), format('expr'), optional(format('flags'))],
    routes: ANY_ROUTE,
    kemi: 'fnmatch(str, str) fnmatch_ex',
    run: matchPattern,
  }),
}

const valueFunctions = {
  append_hf_value: fn({
    doc: 'Add a value behind another, or as a header at the end.',
    args: [appendPlace, value],
    routes: MESSAGES,
    run: values.appendValue,
  }),
  insert_hf_value: fn({
    doc: 'Add a value before another, or as a header before the first of that name.',
    args: [appendPlace, value],
    routes: MESSAGES,
    run: values.insertValue,
  }),
  remove_hf_value: fn({
    doc: 'Remove a value or one of its parameters.',
    args: [removePlace],
    routes: MESSAGES,
    run: values.removeValue,
  }),
  remove_hf_value2: fn({
    doc: 'The same for headers like Authorization, whose commas separate parameters.',
    args: [removePlace],
    routes: MESSAGES,
    run: values.removeWholeValue,
  }),
  assign_hf_value: fn({
    doc: 'Change a value or one of its parameters.',
    args: [assignPlace, value],
    routes: MESSAGES,
    run: values.assignValue,
  }),
  assign_hf_value2: fn({
    doc: 'The same for headers like Authorization, whose commas separate parameters.',
    args: [assignPlace, value],
    routes: MESSAGES,
    run: values.assignWholeValue,
  }),
  include_hf_value: fn({
    doc: 'Add a value to a set unless it is there.',
    args: [set, value],
    routes: MESSAGES,
    run: values.includeValue,
  }),
  exclude_hf_value: fn({
    doc: 'Remove a value from a set.',
    args: [set, value],
    routes: MESSAGES,
    run: values.excludeValue,
  }),
  hf_value_exists: fn({
    doc: 'Is a value in a set?',
    args: [set, value],
    routes: MESSAGES,
    run: values.valueExists,
  }),
}

const headerIterators = {
  hf_iterator_start: fn({
    doc: 'Open an iterator over the headers.',
    args: iterator,
    routes: ANY_ROUTE,
    run: headers.startHeaders,
  }),
  hf_iterator_end: fn({
    doc: 'Close an iterator.',
    args: iterator,
    routes: ANY_ROUTE,
    run: headers.endHeaders,
  }),
  hf_iterator_next: fn({
    doc: 'Go to the next header; false behind the last.',
    args: iterator,
    routes: ANY_ROUTE,
    run: headers.nextHeader,
  }),
  hf_iterator_prev: fn({
    doc: 'Go to the previous header.',
    args: iterator,
    routes: ANY_ROUTE,
    run: headers.previousHeader,
  }),
  hf_iterator_rm: fn({
    doc: 'Remove the header that the iterator stands on.',
    args: iterator,
    routes: ANY_ROUTE,
    run: headers.removeHere,
  }),
  hf_iterator_append: fn({
    doc: 'Add a header behind the one that the iterator stands on.',
    args: iteratorAndText,
    routes: ANY_ROUTE,
    run: headers.appendHere,
  }),
  hf_iterator_insert: fn({
    doc: 'Add a header before the one that the iterator stands on.',
    args: iteratorAndText,
    routes: ANY_ROUTE,
    run: headers.insertHere,
  }),
}

const bodyIterators = {
  bl_iterator_start: fn({
    doc: 'Open an iterator over the lines of the body.',
    args: iterator,
    routes: ANY_ROUTE,
    run: lines.startLines,
  }),
  bl_iterator_end: fn({
    doc: 'Close an iterator.',
    args: iterator,
    routes: ANY_ROUTE,
    run: lines.endLines,
  }),
  bl_iterator_next: fn({
    doc: 'Go to the next line; false behind the last.',
    args: iterator,
    routes: ANY_ROUTE,
    run: lines.nextLine,
  }),
  bl_iterator_rm: fn({
    doc: 'Remove the line that the iterator stands on.',
    args: iterator,
    routes: ANY_ROUTE,
    run: lines.removeLine,
  }),
  bl_iterator_append: fn({
    doc: 'Add text behind the line that the iterator stands on.',
    args: iteratorAndText,
    routes: ANY_ROUTE,
    run: lines.appendLine,
  }),
  bl_iterator_insert: fn({
    doc: 'Add text before the line that the iterator stands on.',
    args: iteratorAndText,
    routes: ANY_ROUTE,
    run: lines.insertLine,
  }),
}

export default defineModule({
  name: 'textopsx',
  doc: 'Changes header values, bodies and whole messages.',
  needs: {},
  params: {},
  instance: Textopsx,
  functions: { ...wholeMessage, ...valueFunctions, ...headerIterators, ...bodyIterators },
  kemi,
  pvars: {
    hfitname: keyed({
      doc: 'Name of the header that an iterator stands on.',
      get: headers.nameHere,
    }),
    hfitbody: keyed({
      doc: 'Body of the header that an iterator stands on.',
      get: headers.bodyHere,
    }),
    blitval: keyed({ doc: 'The line that an iterator is on, with its end.', get: lines.lineHere }),
  },
})
