import { int, methods, orNull, pairs, record, text } from '../schema.ts'

/** `httpclient.*` - connections to web servers. */
export const httpclient = methods({
  'httpclient.listcon': {
    doc: 'List all CURL connection definitions',
    class: 'read',
    params: [],
    result: pairs(
      record({
        NAME: text(),
        SCHEMA: text('http or https'),
        URI: text('host and path'),
        USERNAME: orNull(text()),
        PASSWORD: orNull(text()),
        FAILOVER: orNull(text('connection to try when this one fails')),
        TIMEOUT: int('seconds'),
      }),
    ),
  },
})
