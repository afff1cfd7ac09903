import type { QueryClient } from '@tanstack/react-query'
import type { StoredPosition } from '../../src/http/contract/novel-contract.ts'
import { placesElsewhere } from './places-elsewhere.ts'
import { changeShownNovel } from './shown-novel.ts'

/** Shows wherever a novel is shown that the listener is at this place. */
export function showPosition(client: QueryClient, novelId: string, position: StoredPosition): void {
  changeShownNovel(client, novelId, (novel) => ({ ...novel, position }))
  placesElsewhere.note(novelId, position)
}
