/** Queues, as other modules fill them. */
import { api } from '../../core/module/index.ts'

export interface MqueueApi {
  /** mq_add(); false when there is no queue of this name. */
  add(queue: string, key: string, value: string): boolean
}

export const mqueue = api<MqueueApi>('mqueue')
