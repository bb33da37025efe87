/** The surface of xlog: lines that the script writes to the log. */
import {
  defineModule,
  eachParam,
  intParam,
  keyed,
  since6,
  strParam,
} from '../../core/module/index.ts'
import { colorCode, readLevelColors } from './colors.ts'
import { functions, kemi } from './functions.ts'
import { Xlog } from './xlog.ts'

export const params = {
  buf_size: intParam({ default: 4096, min: 1, doc: 'Bytes that a line may have.' }),
  auto_newline: since6(
    intParam({ default: 0, doc: 'No effect: every line of the log ends with a line end.' }),
  ),
  force_color: intParam({
    default: 0,
    doc: 'Not 0: $C(xy) gives colours although the log does not go to stderr.',
  }),
  long_format: intParam({
    default: 0,
    doc: 'Not 0: xlogl and xdbgl write the file name before the line number.',
  }),
  prefix: strParam({ default: '<script>: ', doc: 'What every line begins with.' }),
  prefix_mode: intParam({ default: 0, min: 0, max: 1, doc: '1: the prefix has variables in it.' }),
  log_facility: strParam({
    default: '',
    doc: 'Syslog facility of the lines of the script, LOG_LOCAL3; empty: as all lines.',
  }),
  log_colors: eachParam({
    doc: 'Colours of a level on a terminal: L_ERR=cr;L_WARN=px.',
    parse: readLevelColors,
  }),
  methods_filter: intParam({
    default: -1,
    live: true,
    doc: 'Methods (bits, as $rmid) for which xlogm writes nothing.',
  }),
}

export default defineModule({
  name: 'xlog',
  doc: 'Lines that the script writes to the log.',
  needs: {},
  params,
  instance: Xlog,
  functions,
  kemi,
  pvars: {
    C: keyed({
      doc: 'Colours of a terminal: $C(rx) is red on its own background, $C(xx) ends them.',
      parse: colorCode,
      get: (self: Xlog, _msg, code) => (self.showsColors ? code : ''),
    }),
  },
  start: self => self.start(),
})
