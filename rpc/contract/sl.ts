import { long, methods, record } from '../schema.ts'

/** `sl.*` - stateless replies by class. */
export const sl = methods({
  'sl.stats': {
    doc: 'Print reply statistics.',
    class: 'read',
    params: [],
    result: record({
      '200': long(),
      '202': long(),
      '2xx': long(),
      '300': long(),
      '301': long(),
      '302': long(),
      '3xx': long(),
      '400': long(),
      '401': long(),
      '403': long(),
      '404': long(),
      '407': long(),
      '408': long(),
      '483': long(),
      '4xx': long(),
      '500': long(),
      '5xx': long(),
      '6xx': long(),
      xxx: long(),
    }),
  },
})
