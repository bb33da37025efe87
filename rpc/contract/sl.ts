import { long, methods, record } from '../schema.ts'

/** In this order, which Kamailio's tools show. */
const ORDER = [
  '200',
  '202',
  '2xx',
  '300',
  '301',
  '302',
  '3xx',
  '400',
  '401',
  '403',
  '404',
  '407',
  '408',
  '483',
  '4xx',
  '500',
  '5xx',
  '6xx',
  'xxx',
] as const
type Name = (typeof ORDER)[number]

const counts = Object.fromEntries(ORDER.map(name => [name, long()])) as Record<
  Name,
  ReturnType<typeof long>
>

/** `sl.*` - stateless replies by class. */
export const sl = methods({
  'sl.stats': {
    doc: 'Print reply statistics.',
    class: 'read',
    params: [],
    result: record(counts, 'replies sent', ORDER),
  },
})
