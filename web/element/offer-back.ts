import { api, type Removed } from '../api.ts'
import { offerUndo } from './undo.tsx'

/** Something was removed that the server keeps for an hour: offers to bring it back. `renew`: what shows it asks again. */
export function offerBack({ removal }: Removed, words: string, renew: () => Promise<unknown>): void {
  if (removal === undefined) return
  offerUndo({ words, undo: () => api.bringBack(removal).then(renew) })
}
