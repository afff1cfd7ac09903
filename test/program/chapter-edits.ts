import type { ChapterCommandBody, Review } from '../../src/http/contract/review-contract.ts'
import type { Api } from './api-client.ts'

/** Edits the chapters of a novel, or takes the last edit back or does it again. Throws what is refused. */
export async function editChapters(
  api: Api,
  novelId: string,
  command: ChapterCommandBody | 'undo' | 'redo',
): Promise<Review> {
  const path = `/api/novels/${novelId}/edits`
  const answer =
    typeof command === 'string' ? await api.post(`${path}/${command}`, {}) : await api.post(path, command)
  if (answer.status !== 200) throw new Error(await answer.text())
  return ((await answer.json()) as { review: Review }).review
}
