import type { ChapterCommandBody, Review } from '../../src/http/contract/review-contract.ts'
import type { Plan } from '../../src/http/contract/plan-contract.ts'
import { addresses, get, send } from '../api.ts'

const of = (novelId: string) => `${addresses.novels}/${novelId}`

export async function askReview(novelId: string, signal: AbortSignal): Promise<Review> {
  return (await get<{ review: Review }>(`${of(novelId)}/review`, signal)).review
}

/** Does an edit, takes the last one back, or does it again. */
export async function editChapters(
  novelId: string,
  command: ChapterCommandBody | 'undo' | 'redo',
): Promise<Review> {
  const answer =
    typeof command === 'string'
      ? await send<{ review: Review }>('POST', `${of(novelId)}/edits/${command}`, {})
      : await send<{ review: Review }>('POST', `${of(novelId)}/edits`, command)
  return answer.review
}

/** What an edit would make anew. */
export async function previewEdit(
  novelId: string,
  command: ChapterCommandBody,
  signal: AbortSignal,
): Promise<Pick<Plan, 'remade'>> {
  return send('POST', `${of(novelId)}/edits/preview`, command, { signal })
}
