/** What api_list of a script engine answers: the functions of KSR, as Kamailio lays them out. */
import type { KemiReturn } from '../module/index.ts'
import type { Kemi } from './kemi.ts'

interface Listed {
  readonly func: {
    readonly ret: KemiReturn
    readonly module: string
    readonly name: string
    readonly params: string
  }
}

export function apiList(kemi: Kemi): { msize: number; methods: Listed[] } {
  const methods = kemi.exports().map(({ module, name, params, returns }) => ({
    func: { ret: returns, module, name, params: params.join(', ') || 'none' },
  }))
  return { msize: methods.length, methods }
}
