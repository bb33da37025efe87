/**
 * The URIs as each side knows them: in later requests of a dialog by what Record-Route carries, in
 * replies by the request.
 */
import type { Verdict } from '../../core/module/index.ts'
import { Edit } from '../../sip/edit.ts'
import { H_FROM, H_TO } from '../../sip/header-names.ts'
import {
  BODY,
  BODY_END,
  MSG_FROM_REPLACED,
  MSG_TO_REPLACED,
  type SipMessage,
} from '../../sip/message.ts'
import { UPSTREAM } from '../rr/api.ts'
import { RESPONSE_IN, type TransactionCallback } from '../tm/api.ts'
import { addressParts } from './address-parts.ts'
import { AUTO } from './restore-mode.ts'
import type { Uac } from './uac.ts'
import { unmaskUri } from './uri-mask.ts'

const REPLACED = MSG_FROM_REPLACED | MSG_TO_REPLACED

/** Puts From and To of the request into the replies of its transaction. */
export function restoreReplies(self: Uac, msg: SipMessage): void {
  // A branch route has its transaction; before that watchRequests sees it made.
  self.tm.transactionOf(msg)?.addCallback(RESPONSE_IN, self.onReply)
}

/** Asks to see the replies to every request whose From or To was replaced. */
export function watchRequests(self: Uac): void {
  self.tm.onRequestIn((_event, transaction, request) => {
    if (request !== null && (request.messageFlags & REPLACED) !== 0)
      transaction.addCallback(RESPONSE_IN, self.onReply)
  })
}

/** What `self.onReply` is. */
export const replyRestorer =
  (self: Uac): TransactionCallback =>
  (_event, _transaction, request, reply) => {
    if (request === null || reply === null) return
    const { messageFlags } = request
    const { restore_from_avp, restore_to_avp } = self.config
    if ((messageFlags & MSG_FROM_REPLACED) !== 0)
      restoreInReply(request, reply, H_FROM, restore_from_avp?.get(request) ?? null)
    if ((messageFlags & MSG_TO_REPLACED) !== 0)
      restoreInReply(request, reply, H_TO, restore_to_avp?.get(request) ?? null)
  }

/** Everything up to the parameters comes from the request, or is what was kept of it. */
function restoreInReply(
  request: SipMessage,
  reply: SipMessage,
  header: number,
  kept: string | number | null,
): void {
  const wanted = kept === null ? addressText(request, header) : String(kept)
  const place = addressPlace(reply, header)
  if (wanted === null || place === null) return
  reply.addEdit(new Edit(place.start, place.end - place.start, wanted))
}

/** From the display name to the end of the URI with its bracket. */
function addressPlace(msg: SipMessage, header: number): { start: number; end: number } | null {
  const parts = addressParts(msg, header)
  if (parts === null) return null
  const { uri, uriText, brackets } = parts
  const behind = uri + uriText.length
  const index = msg.find(header)
  const end = brackets ? msg.raw.indexOf('>', behind) + 1 : behind
  return { start: msg.headers[index + BODY]!, end: Math.min(end, msg.headers[index + BODY_END]!) }
}

export function addressText(msg: SipMessage, header: number): string | null {
  const place = addressPlace(msg, header)
  return place === null ? null : msg.raw.slice(place.start, place.end)
}

/**
 * Restores what `param` of our route tells about one header of the request that began the dialog:
 * in requests of the other side it is the opposite header. 0 without such a parameter.
 */
function restoreRequest(self: Uac, msg: SipMessage, first: number): Verdict {
  const { config, core } = self
  const param = first === H_FROM ? config.rr_from_store_param : config.rr_to_store_param
  const value = self.rr!.routeParam(msg, param)
  if (value === null || value === '') return 0
  const other = first === H_FROM ? H_TO : H_FROM
  const header = self.rr!.isDirection(msg, UPSTREAM) ? other : first
  const parts = addressParts(msg, header)
  const uri = parts === null ? null : unmaskUri(value, parts.uriText, config.restore_passwd)
  if (parts === null || uri === null || uri === '') {
    core.log.error('uac', `failed to restore a URI from the parameter ${param}`)
    return -1
  }
  msg.addEdit(new Edit(parts.uri, parts.uriText.length, uri))
  // What uac_restore_from() did is not undone in replies.
  if (self.mode === AUTO)
    msg.messageFlags |= header === H_FROM ? MSG_FROM_REPLACED : MSG_TO_REPLACED
  return 1
}

/** Restores both as soon as loose_route() took our route off (restore_mode auto). */
export function restoreAlways(self: Uac, msg: SipMessage): void {
  restoreRequest(self, msg, H_FROM)
  restoreRequest(self, msg, H_TO)
}

const restoreOne =
  (header: number) =>
  (self: Uac, msg: SipMessage): Verdict => {
    if (self.rr === null) return -1
    return restoreRequest(self, msg, header) > 0 ? 1 : -1
  }

export const restoreFrom = restoreOne(H_FROM)
export const restoreTo = restoreOne(H_TO)
