/** The mask of topoh, as other modules use it (topos). */
import { api } from '../../core/module/index.ts'

export interface TopologyMask {
  /** A Call-ID as the other side sees it. */
  maskCallId(callId: string): string
  /** The one behind a masked Call-ID; null when it is not masked, or not by this key. */
  unmaskCallId(callId: string): string | null
}

export const topoh = api<TopologyMask>('topoh')
