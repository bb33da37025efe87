// Everything regex offers to a config or an operator is named here.
import { regex } from '../../../rpc/contract/regex.ts'
import {
  defineModule,
  fn,
  format,
  int,
  intParam,
  optional,
  strParam,
} from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import { Regex } from './regex.ts'
import { match, matchGroup, reload } from './verbs.ts'

export const params = {
  file: strParam({ default: '', doc: 'File with groups of expressions.' }),
  max_groups: intParam({ default: 20, min: 1, doc: 'Groups that the file may have.' }),
  group_max_size: intParam({ default: 8192, min: 1, doc: 'Bytes that a group may have.' }),
  pcre_caseless: intParam({ default: 0, doc: 'In groups: letters match in both cases.' }),
  pcre_multiline: intParam({ default: 0, doc: 'In groups: ^ and $ match at line ends.' }),
  pcre_dotall: intParam({ default: 0, doc: 'In groups: a dot matches a line end.' }),
  pcre_extended: intParam({ default: 0, doc: 'In groups: blanks and comments do not count.' }),
}

export default defineModule({
  name: 'regex',
  doc: 'Matches texts against expressions as Perl has them.',
  needs: {},
  params,
  instance: Regex,
  functions: {
    pcre_match: fn({
      doc: 'Does the text match the expression?',
      args: [format('text'), format('expression')],
      routes: ANY_ROUTE,
      run: match,
    }),
    pcre_match_group: fn({
      doc: 'Does the text match one of the expressions of a group?',
      args: [format('text'), optional(int('group'))],
      routes: ANY_ROUTE,
      run: matchGroup,
    }),
  },
  rpc: { contract: regex, handlers: { 'regex.reload': reload } },
})
