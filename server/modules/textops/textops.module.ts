/** The surface of textops: every name that a config can use; the rows stand in functions/. */
import { defineModule } from '../../core/module/index.ts'
import { bodyFunctions, bodyKemi } from './functions/bodies.ts'
import { headerFunctions, replyFunctions } from './functions/headers.ts'
import { replacing } from './functions/replacing.ts'
import { searching } from './functions/searching.ts'
import { textFunctions } from './functions/texts.ts'
import { prepareSubstitution } from './re.ts'
import { Textops } from './textops.ts'

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
  kemi: bodyKemi,
  transformations: {
    re: {
      subst: {
        doc: 'Substitute in the value.',
        minArgs: 1,
        maxArgs: 1,
        // Never called: the expression is prepared.
        run: value => value,
        prepare: prepareSubstitution,
      },
    },
  },
})
