/** The functions that compare texts. */
import { fn, format, parsed } from '../../../core/module/index.ts'
import { ANY_ROUTE } from '../../../core/route-bits.ts'
import * as strings from '../strings.ts'

const separator = parsed('separator', strings.parseSeparator)
const twoTexts = [format('str1'), format('str2')] as const
const inListArgs = [format('subject'), format('list'), separator] as const

export const textFunctions = {
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
