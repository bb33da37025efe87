import { looseText, maybe, methods, several, text } from '../schema.ts'

const kind = text('ua, country, domain, ip or user')
const usage = (list: string, example: string): readonly (readonly [number, string])[] => {
  const command = `secfilter.add_${list}`
  const sentence = `Invalid Parameters. Usage: ${command} type value\n     Example: ${command} `
  return [[500, `${sentence}user ${example}`]]
}

/** `secfilter.*` - lists of what is refused and what is let through. */
export const secfilter = methods({
  'secfilter.reload': {
    doc: 'Reload values from database',
    class: 'write',
    params: [],
    result: text(),
  },
  'secfilter.print': {
    doc: 'Print values from database',
    class: 'read',
    params: [maybe(text('ua, country, domain, ip, user or dst'))],
    result: several(text()),
  },
  'secfilter.stats': {
    doc: 'Print statistics of blocked and allowed messages',
    class: 'read',
    params: [],
    result: several(text()),
  },
  'secfilter.stats_reset': {
    doc: 'Reset statistics',
    class: 'write',
    params: [],
    result: text(),
  },
  'secfilter.add_dst': {
    doc: 'Add new values to destination blacklist',
    class: 'write',
    params: [looseText('number')],
    badParams: [
      [
        500,
        'Invalid Parameters. Usage: secfilter.add_dst number\n' +
          '     Example: secfilter.add_dst 555123123',
      ],
    ],
    result: text(),
  },
  'secfilter.add_bl': {
    doc: 'Add new values to blacklist',
    class: 'write',
    params: [kind, looseText('value')],
    badParams: usage('bl', 'sipvicious'),
    result: text(),
  },
  'secfilter.add_wl': {
    doc: 'Add new values to whitelist',
    class: 'write',
    params: [kind, looseText('value')],
    badParams: usage('wl', 'trusted_user'),
    result: text(),
  },
})
