/** Contacts that have to be waited for: what a function needs of a table is read before it runs. */
import type { Verdict } from '../../core/module/index.ts'
import { parseUri } from '../../sip/uri.ts'
import type { LocationTable, LocationView } from '../usrloc/api.ts'
import { addressOf } from './aor.ts'
import { parseTemporary } from './gruu.ts'
import type { Registrar } from './registrar.ts'

/** Runs `work` with what is on file for these URIs; `failed` when the database cannot be asked. */
export async function withContacts(
  self: Registrar,
  table: LocationTable,
  uris: readonly string[],
  failed: Verdict,
  work: (view: LocationView) => Verdict,
): Promise<Verdict> {
  const aors: string[] = []
  const ruids: string[] = []
  for (const text of uris) {
    const uri = parseUri(text)
    if (uri === null) continue
    const temporary =
      self.config.gruu_enabled !== 0 && uri.param('gr') === '' ? parseTemporary(uri.user) : null
    if (temporary !== null) ruids.push(temporary.ruid)
    else aors.push(addressOf(self, uri) ?? '')
  }
  const view = await table.view(
    aors.filter(aor => aor !== ''),
    ruids,
  )
  return view === null ? failed : work(view)
}
