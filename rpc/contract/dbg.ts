import { int, list, maybe, methods, record, text } from '../schema.ts'

const LEVEL = [[500, 'invalid parameters']] as const
const OK = text('200 ok')

/** `dbg.*` - the trace of the script, and log levels of modules. */
export const dbg = methods({
  'dbg.bp': {
    doc: 'Breakpoint command.',
    class: 'write',
    params: [text('command: on, off, move, next, show'), maybe(int('pid'))],
    badParams: [[500, 'Config breakpoint command missing']],
    result: OK,
  },
  'dbg.ls': {
    doc: 'List debugging process array.',
    class: 'read',
    params: [maybe(int('pid'))],
    result: list(
      record({
        entry: int(),
        pid: int(),
        set: int('bits: 1 breakpoints, 2 trace'),
        state: int(),
        'in.pid': int(),
        'in.cmd': int(),
      }),
    ),
  },
  'dbg.trace': {
    doc: 'Config trace command.',
    class: 'write',
    params: [text('on or off'), maybe(int('pid'))],
    badParams: [[500, 'Config trace command missing']],
    result: OK,
  },
  'dbg.set_mod_level': {
    doc: 'Set module log level.',
    class: 'write',
    params: [text('module, or core'), int('level')],
    badParams: LEVEL,
    result: OK,
  },
  'dbg.set_mod_facility': {
    doc: 'Set module log facility.',
    class: 'write',
    params: [text('module, or core'), text('facility')],
    badParams: LEVEL,
    result: OK,
  },
  'dbg.get_mod_level': {
    doc: 'Get module log level.',
    class: 'read',
    params: [text('module, or core')],
    badParams: LEVEL,
    result: int(),
  },
  'dbg.get_mod_facility': {
    doc: 'Get module log facility.',
    class: 'read',
    params: [text('module, or core')],
    badParams: LEVEL,
    result: text(),
  },
  'dbg.reset_msgid': {
    doc: 'Reset msgid on all process.',
    class: 'write',
    params: [],
    result: OK,
  },
})
