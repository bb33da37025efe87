/** The profiles of a dialog as the column xdata has them: Kamailio's JSON. */
import type { Dialogs } from './dialog.ts'
import type { Dialog } from './dialog-record.ts'
import type { ProfileItem } from './profile.ts'

interface Stored {
  readonly name?: unknown
  readonly value?: unknown
  readonly puid?: unknown
}

/** null: it is in none. */
export function profilesText(dialog: Dialog): string | null {
  if (dialog.profiles.length === 0) return null
  const profiles = (dialog.profiles as ProfileItem[]).map(({ profile, value, uid }) =>
    profile.hasValue ? { name: profile.name, value, puid: uid } : { name: profile.name, puid: uid },
  )
  return JSON.stringify({ profiles })
}

/** Counts a dialog in the profiles that its row names; what is not understood is logged. */
export function restoreProfiles(self: Dialogs, dialog: Dialog, text: string): void {
  for (const { name, value, puid } of readProfiles(self, text)) {
    const profile = self.profiles.find(String(name))
    if (profile === null) self.error(`profile [${String(name)}] not found`)
    else if (profile.hasValue && typeof value !== 'string')
      self.error(`dynamic profile cannot be added, ignore! [${profile.name}]`)
    else {
      const given = typeof value === 'string' ? value : ''
      self.profiles.add(dialog, profile, given, typeof puid === 'string' ? puid : '')
    }
  }
}

function readProfiles(self: Dialogs, text: string): Stored[] {
  if (text === '') return []
  try {
    const { profiles } = JSON.parse(text) as { profiles?: unknown }
    if (Array.isArray(profiles))
      return profiles.filter(one => typeof one === 'object' && one !== null) as Stored[]
  } catch {
    // Told below.
  }
  self.error(`invalid json doc [[${text}]]`)
  return []
}
