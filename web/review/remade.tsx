import { useQuery } from '@tanstack/react-query'
import type { ChapterCommandBody } from '../../src/http/contract/review-contract.ts'
import { keys } from '../keys.ts'
import { remadeWords } from '../plan/plan-words.ts'
import { previewEdit } from './review-api.ts'

/** What of that which is spoken an edit would make anew. */
export function Remade({
  novelId,
  command,
}: {
  readonly novelId: string
  readonly command: ChapterCommandBody
}) {
  const { data } = useQuery({
    queryKey: keys.editPreview(novelId, JSON.stringify(command)),
    queryFn: ({ signal }) => previewEdit(novelId, command, signal),
    staleTime: 0,
    gcTime: 0,
  })
  return <p className="figures">{data ? remadeWords(data) : '…'}</p>
}
