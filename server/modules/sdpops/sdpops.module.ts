// Everything sdpops offers to a config is named here.
import {
  type Arg,
  type ConfigFunction,
  defineModule,
  fn,
  format,
  inKemi,
  keyed,
  int,
  optional,
  since6,
  writablePvar,
} from '../../core/module/index.ts'
import { ANY_ROUTE } from '../../core/route-bits.ts'
import type { SipMessage } from '../../sip/message.ts'
import * as edits from './edits.ts'
import * as iterators from './iterators.ts'
import * as questions from './questions.ts'
import { Sdpops } from './sdpops.ts'
import { sdp } from './variable.ts'

type Row = ConfigFunction<Sdpops>

const routes = ANY_ROUTE
const into = writablePvar('variable')

type Question = (self: Sdpops, msg: SipMessage, wanted: string) => number
const ask = (doc: string, name: string, run: Question): Row =>
  fn({ doc, args: [format(name)], routes, run })

type Removal = (self: Sdpops, msg: SipMessage, list: string, type?: string) => number
const remove = (doc: string, name: string, run: Removal): Row =>
  fn({
    doc,
    args: [format(name), optional(format('media')) as Arg<string | undefined>],
    routes,
    run,
  })

const editing: Record<string, Row> = {
  sdp_remove_codecs_by_id: inKemi(
    'remove_codecs_by_id(str, str)',
    remove('Remove codecs by their numbers.', 'list', edits.removeById),
  ),
  sdp_remove_codecs_by_name: inKemi(
    'remove_codecs_by_name(str, str)',
    remove('Remove codecs by their names.', 'list', edits.removeByName),
  ),
  sdp_keep_codecs_by_id: inKemi(
    'keep_codecs_by_id(str, str)',
    remove('Remove all codecs but these.', 'list', edits.keepById),
  ),
  sdp_keep_codecs_by_name: inKemi(
    'keep_codecs_by_name(str, str)',
    remove('Remove all codecs but these.', 'list', edits.keepByName),
  ),
  sdp_remove_line_by_prefix: inKemi(
    'remove_line_by_prefix(str, str)',
    remove('Remove lines that start with a text.', 'prefix', edits.removeLines),
  ),
  sdp_remove_media: inKemi(
    'remove_media',
    ask('Remove the streams of a kind.', 'media', edits.removeMedia),
  ),
  sdp_remove_transport: ask(
    'Remove the streams of a transport.',
    'transport',
    edits.removeTransport,
  ),
}

const asking: Record<string, Row> = {
  sdp_with_media: ask('Is there a stream of this kind?', 'media', questions.withMedia),
  sdp_with_active_media: ask(
    'Is there a stream of this kind that carries something?',
    'media',
    questions.withActiveMedia,
  ),
  sdp_with_transport: ask(
    'Is there a stream of this transport?',
    'transport',
    questions.withTransport,
  ),
  sdp_with_transport_like: ask(
    'Is there a stream whose transport holds this text?',
    'transport',
    questions.withTransportLike,
  ),
  sdp_with_codecs_by_id: ask(
    'Are these codecs there: 1 all, 2 some?',
    'list',
    questions.withCodecsById,
  ),
  sdp_with_codecs_by_name: ask(
    'Are these codecs there: 1 all, 2 some?',
    'list',
    questions.withCodecsByName,
  ),
  sdp_with_ice: fn({
    doc: 'Are there candidates for ICE?',
    args: [],
    routes,
    run: questions.withIce,
  }),
  sdp_content: fn({
    doc: 'Is there a session description?',
    kemi: 'sdp_content() sdp_content_flags(int)',
    args: [optional(int('sloppy'))],
    routes,
    run: questions.hasContent,
  }),
  sdp_get_address_family: fn({
    doc: '4 or 6 as return code.',
    args: [],
    routes,
    run: questions.addressFamily,
  }),
}

const iterator = format('iterator')
type Walk = (self: Sdpops, msg: SipMessage, name: string) => number
const walk = (doc: string, run: Walk): Row => since6(fn({ doc, args: [iterator], routes, run }))
type Writing = (self: Sdpops, msg: SipMessage, name: string, text: string) => number
const writing = (doc: string, run: Writing): Row =>
  since6(fn({ doc, args: [iterator, format('text')], routes, run }))

const walking: Record<string, Row> = {
  sdp_iterator_start: walk('Begin to go over the lines.', iterators.start),
  sdp_iterator_next: walk('Go to the next line; false behind the last.', iterators.next),
  sdp_iterator_end: walk('End it.', iterators.end),
  sdp_iterator_rm: walk('Remove the line at which it is.', iterators.remove),
  sdp_iterator_append: writing('Put a text behind that line.', iterators.append),
  sdp_iterator_insert: writing('Put a text before that line.', iterators.insert),
}

const getting: Record<string, Row> = {
  sdp_get: fn({
    doc: 'Put the session description into a variable.',
    args: [into],
    routes,
    run: questions.getText,
  }),
  sdp_get_line_startswith: fn({
    doc: 'Put the first line that starts so into a variable.',
    args: [into, format('prefix')],
    routes,
    run: questions.getLine,
  }),
  sdp_transport: fn({
    doc: 'Put the transport of the first stream into a variable.',
    args: [into],
    routes,
    run: questions.getTransport,
  }),
  sdp_print: fn({
    doc: 'Log the streams.',
    args: [int('level')],
    routes,
    run: questions.print,
  }),
}

export default defineModule({
  name: 'sdpops',
  doc: 'Looks at session descriptions and takes codecs, streams and lines out of them.',
  needs: {},
  params: {},
  instance: Sdpops,
  functions: { ...editing, ...asking, ...getting, ...walking },
  pvars: {
    sdp,
    sdpitval: since6(
      keyed({ doc: 'The line at which an iterator is, with its line end.', get: iterators.value }),
    ),
  },
})
