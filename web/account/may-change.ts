import type { Novel } from '../../src/http/contract/novel-contract.ts'
import { useNovel } from '../queries.ts'
import { useMay } from './account-state.ts'

/**
 * Whether who sits here may change a novel and have it spoken: a listener what they alone see. What is for those alone is
 * offered by this; listening, places, bookmarks, settings and taking along are everybody's.
 */
export function useMayChange({ kept }: Pick<Novel, 'kept'>): boolean {
  const mayEdit = useMay('editor')
  return mayEdit || kept === true
}

/** Likewise of a novel of which only the id is known; `undefined`: it is not told yet. */
export function useMayChangeById(id: string): boolean | undefined {
  const mayEdit = useMay('editor')
  const { data, isError } = useNovel(id, !mayEdit)
  // Of what there is not, it is told elsewhere.
  return mayEdit || (data ? data.novel.kept === true : isError ? true : undefined)
}
