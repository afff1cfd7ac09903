import type { QueryClient } from '@tanstack/react-query'
import type { Novel, StoredPosition } from '../../src/http/contract/novel-contract.ts'
import { keys } from '../keys.ts'
import { placesElsewhere } from './places-elsewhere.ts'
import { changeShownNovel } from './shown-novel.ts'

/** The chapter in which each novel was when the row of what to go on with was asked for. */
const rowAt = new Map<string, number>()

/** Shows wherever a novel is shown that the listener is at this place. */
export function showPosition(client: QueryClient, novelId: string, position: StoredPosition): void {
  changeShownNovel(client, novelId, (novel) => ({ ...novel, position, ...leftAt(novel, position) }))
  placesElsewhere.note(novelId, position)
  if (rowAt.get(novelId) === position.chapterNumber) return
  rowAt.set(novelId, position.chapterNumber)
  for (const queryKey of [keys.begun, keys.novels]) void client.invalidateQueries({ queryKey })
}

/** In the same chapter it is less by what was heard since; else the server tells. */
export function leftAt(
  { left, position: before }: Pick<Novel, 'left' | 'position'>,
  { chapterNumber, seconds }: Pick<StoredPosition, 'chapterNumber' | 'seconds'>,
): Pick<Novel, 'left'> {
  if (left?.chapterNumber !== chapterNumber) return {}
  const from = before?.chapterNumber === chapterNumber ? before.seconds : 0
  const heard = Math.min(left.chapterSeconds, seconds - from)
  return {
    left: { ...left, chapterSeconds: left.chapterSeconds - heard, seconds: left.seconds - heard },
  }
}
