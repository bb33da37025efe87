/** The surface of kemix: what scripts ask most of a message, by functions of their own. */
import type { CoreInstance } from '../../core/core.module.ts'
import { api, defineModule } from '../../core/module/index.ts'
import { Kemix } from './kemix.ts'
import { definitions } from './definitions.ts'
import { messageParts } from './message-parts.ts'
import { transportParts } from './transport-parts.ts'
import { uriParts } from './uri-parts.ts'

export const needs = { core: api<CoreInstance>('core') }

export default defineModule({
  name: 'kemix',
  doc: 'Parts of the message for KEMI scripts, without pseudo-variables: KSR.kx.',
  needs,
  params: {},
  instance: Kemix,
  kemi: { ...uriParts, ...transportParts, ...messageParts, ...definitions },
})
