/** The functions about the body. */
import { fn, format, kemiFn, literal, optional, writablePvar } from '../../../core/module/index.ts'
import { ANY_ROUTE } from '../../../core/route-bits.ts'
import type { Textops } from '../textops.ts'
import * as multipart from '../multipart.ts'
import { hasBody, isAudioOnHold, parseMime, setBody } from '../body.ts'
import { REQUESTS, MESSAGES } from './arguments.ts'

export const bodyFunctions = {
  set_body: fn({
    doc: 'Replace the body.',
    args: [format('txt'), format('content_type')],
    routes: MESSAGES,
    run: setBody,
  }),
  has_body: fn({
    doc: 'Is there a body, of this type?',
    args: [optional(literal('mime', parseMime))],
    routes: ANY_ROUTE,
    kemi: 'has_body() has_body_type',
    run: hasBody,
  }),
  is_audio_on_hold: fn({
    doc: 'Is an audio stream of the SDP on hold?',
    args: [],
    routes: ANY_ROUTE,
    run: isAudioOnHold,
  }),
  filter_body: fn({
    doc: 'Leave only the first part of this type of a multipart body.',
    args: [format('content_type')],
    routes: ANY_ROUTE,
    run: multipart.filterBody,
  }),
  set_body_multipart: fn({
    doc: 'Make a multipart body of one part: of txt, or of the body that is there.',
    args: [optional(format('txt')), optional(format('content_type')), optional(format('boundary'))],
    routes: REQUESTS,
    kemi: 'set_body_multipart set_body_multipart_mode() set_body_multipart_content(str, str)',
    run: multipart.setMultipart,
  }),
  append_body_part: fn({
    doc: 'Add a part to a multipart body.',
    args: [format('txt'), format('content_type'), optional(format('content_disposition'))],
    routes: REQUESTS,
    kemi: 'append_body_part(str, str) append_body_part_cd',
    run: multipart.appendPart,
  }),
  append_body_part_hex: fn({
    doc: 'Add a part, given in hexadecimal digits, to a multipart body.',
    args: [format('txt'), format('content_type'), optional(format('content_disposition'))],
    routes: REQUESTS,
    kemi: 'append_body_part_hex(str, str) append_body_part_hex_cd',
    run: multipart.appendHexPart,
  }),
  get_body_part: fn({
    doc: 'Put the first part of this type into a variable.',
    args: [format('content_type'), writablePvar('opv')],
    routes: MESSAGES,
    run: multipart.getPart,
  }),
  get_body_part_raw: fn({
    doc: 'The same with the headers of the part and the boundary behind it.',
    args: [format('content_type'), writablePvar('opv')],
    routes: MESSAGES,
    run: multipart.getRawPart,
  }),
  remove_body_part: fn({
    doc: 'Remove the first part of this type.',
    args: [format('content_type')],
    routes: REQUESTS,
    run: multipart.removePart,
  }),
}

/** What only KEMI scripts have. */
export const bodyKemi = {
  set_body_multipart_boundary: kemiFn({
    doc: 'Make a multipart body of the body that is there, with this boundary.',
    args: [format('boundary')],
    returns: 'int',
    run: (self: Textops, msg, boundary) =>
      multipart.setMultipart(self, msg, undefined, undefined, boundary),
  }),
}
