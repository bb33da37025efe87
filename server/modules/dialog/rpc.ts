/** The `dlg.*` commands that change something or answer about one dialog or profile. */
import type { dlg } from '../../../rpc/contract/dlg.ts'
import { Fault } from '../../../rpc/faults.ts'
import type { ResultOf } from '../../../rpc/schema.ts'
import { CONFIRMED, CONFIRMED_NO_ACK, DELETED, EARLY, NO_DIRECTION, UNCONFIRMED } from './api.ts'
import { byeToBoth } from './bye.ts'
import { collect, collectAll } from './collect.ts'
import type { Dialogs } from './dialog.ts'
import type { Dialog } from './dialog-record.ts'
import type { Profile } from './profile.ts'
import { type DialogRow, rowOf } from './rpc-row.ts'
import { setState as putIntoState } from './timer.ts'
import { bridge as bridgeCall } from './transfer.ts'

type Stats = ResultOf<(typeof dlg)['dlg.stats_active']>

/** By its tags, whichever way round they are given; null when there is none. */
const byTags = (self: Dialogs, callId: string, from: string, to: string): Dialog | null =>
  self.table.findCall(callId, from, to, NO_DIRECTION)?.dialog ?? null

function end(self: Dialogs, dialog: Dialog, headers: string): void {
  // Where one side hears of it the call is over.
  if (byeToBoth(self, dialog, headers) === 0) throw new Fault(500, 'Operation failed')
}

export function endDialog(self: Dialogs, entry: number, id: number, headers = ''): void {
  const dialog = self.table.find(entry, id)
  if (dialog === null) throw new Fault(404, 'Dialog not found')
  end(self, dialog, headers)
}

export function terminate(self: Dialogs, callId: string, from: string, to: string): void {
  const dialog = byTags(self, callId, from, to)
  if (dialog === null) throw new Fault(500, 'Couldnt find callid in dialog')
  end(self, dialog, '')
  self.core.log.warn('dialog', `Dialog is terminated callid: '${callId}'`)
}

export function setState(
  self: Dialogs,
  callId: string,
  from: string,
  to: string,
  state: string | number,
): string {
  if (typeof state !== 'number' || state < UNCONFIRMED || state > DELETED)
    throw new Fault(500, 'Invalid state value')
  const dialog = byTags(self, callId, from, to)
  if (dialog === null) throw new Fault(500, 'Dialog not found')
  if (dialog.state !== CONFIRMED || state !== DELETED)
    self.core.log.warn(
      'dialog',
      'updating states for not confirmed dialogs not properly supported yet, ' +
        `use at own risk: '${callId}'`,
    )
  putIntoState(self, dialog, state)
  return 'Done'
}

export function isAlive(self: Dialogs, callId: string, from: string, to: string): string {
  const dialog = byTags(self, callId, from, to)
  if (dialog === null) throw new Fault(404, 'Dialog not found')
  if (dialog.state !== CONFIRMED) throw new Fault(500, 'Dialog not in confirmed state')
  return 'Alive'
}

export function statsActive(self: Dialogs): Stats | Promise<Stats> {
  const states = collectAll(self, dialog => dialog.state)
  return states instanceof Promise ? states.then(countStates) : countStates(states)
}

function countStates(states: readonly number[]): Stats {
  const count = (wanted: number): number => states.filter(state => state === wanted).length
  const stats = {
    starting: count(UNCONFIRMED),
    connecting: count(EARLY),
    answering: count(CONFIRMED_NO_ACK),
    ongoing: count(CONFIRMED),
  }
  return { ...stats, all: stats.starting + stats.connecting + stats.answering + stats.ongoing }
}

function profileOf(self: Dialogs, name: string): Profile {
  const profile = self.profiles.find(name)
  if (profile === null) throw new Fault(404, `Profile not found: ${name}`)
  return profile
}

export const profileSize = (self: Dialogs, name: string, value?: string): number =>
  profileOf(self, name).count(value)

export function profileList(
  self: Dialogs,
  name: string,
  value?: string,
): DialogRow[] | Promise<DialogRow[]> {
  const profile = profileOf(self, name)
  return collect(profile.items(value), profile.count(value), ({ dialog }) =>
    dialog === null ? null : rowOf(self, dialog),
  )
}

/** A dot stands for a text that is not given, as in Kamailio's command line. */
const given = (text: string | undefined): string | undefined => (text === '.' ? undefined : text)

export function bridge(
  self: Dialogs,
  from: string,
  to: string,
  outboundProxy?: string,
  body?: string,
): void {
  if (!bridgeCall(self, from, to, given(outboundProxy) ?? '', given(body)))
    throw new Fault(500, 'Operation failed')
}
