import { webNovel } from '../books.ts'
import type { Activity } from './activity.ts'

/** Each speed is a recipe of its own, so each request is a separate generation. */
const speeds = [0.9, 0.95, 1.05, 1.1, 1.15]

export const generatingAll: Activity = {
  what: 'generate/all of a 2,000-chapter novel is answered, 5 times',
  async begin({ server }) {
    const book = webNovel()
    const { novel } = await server.add(book.bytes, book.fileName)
    return async () => {
      for (const speed of speeds) await server.generate(novel.id, undefined, { speed })
    }
  },
}
