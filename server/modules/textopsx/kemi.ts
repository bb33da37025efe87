/** The functions of textopsx that only KEMI scripts have. */
import { format, type KemiFunction, kemiFn, literal } from '../../core/module/index.ts'
import * as lines from './body-iterators.ts'
import * as headers from './header-iterators.ts'
import type { Textopsx } from './textopsx.ts'
import { parseValueName } from './value-places.ts'
import { removeWholeValue } from './values.ts'

const iteratorValue = (doc: string, run: typeof lines.lineHere): KemiFunction<Textopsx> =>
  kemiFn({
    doc: `${doc}, null when it stands on none.`,
    args: [format('iname')],
    returns: 'xval',
    type: 'string | null',
    run,
  })

export const kemi: Record<string, KemiFunction<Textopsx>> = {
  hf_iterator_hname: iteratorValue('Name of the header that it stands on', headers.nameHere),
  hf_iterator_hbody: iteratorValue('Body of the header that it stands on', headers.bodyHere),
  bl_iterator_value: iteratorValue('The line that it stands on, with its end', lines.lineHere),
  remove_hf_value2: kemiFn({
    doc: 'The same for headers like Authorization; the second text does not count.',
    args: [literal('hf_par', parseValueName), format('hvalue')],
    returns: 'int',
    run: (self: Textopsx, msg, place) => removeWholeValue(self, msg, place),
  }),
}
