import { webNovel } from '../books.ts'
import type { Activity } from './activity.ts'

const rule = { kind: 'length', characters: 5000 }

export const cuttingAnew: Activity = {
  what: 'the chapters of a web novel that is being spoken are found by another rule, which is seen before, undone and done again',
  async begin({ server }) {
    const { bytes, fileName } = webNovel()
    const { novel } = await server.add(bytes, fileName)
    const id = await server.generate(novel.id)
    const post = async (path: string, body: object): Promise<void> => {
      const answer = await server.post(`/api/novels/${novel.id}/${path}`, body)
      await answer.arrayBuffer()
      if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`)
    }
    return async () => {
      await post('headings/preview', { kind: 'headings', rule })
      await post('edits', { kind: 'headings', rule })
      await post('edits/undo', {})
      await post('edits/redo', {})
      await server.post(`/api/worker/progress/${id}/cancel`, {})
    }
  },
}
