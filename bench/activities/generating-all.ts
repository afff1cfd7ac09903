import { webNovel } from '../books.ts'
import type { Activity } from '../event-loop.ts'

/** A novel asked for in another speed is other work, so each is a generation of its own. */
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
