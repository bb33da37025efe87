/** Profiles: sets in which dialogs are counted. */
import { BadValue } from '../../core/module/index.ts'
import type { ProfileBook } from './api.ts'
import type { Dialogs } from './dialog.ts'
import type { Dialog } from './dialog-record.ts'

export class Profiles implements ProfileBook {
  constructor(self: Dialogs) {
    const { profiles_with_value: withValue, profiles_no_value: plain } = self.config
    if (withValue !== '' || plain !== '')
      throw new BadValue('dialog: profiles are not there yet', 'leave profiles_... out')
  }

  adopt(): void {}

  release(dialog: Dialog): void {
    dialog.profiles.length = 0
  }
}
