import type { Activity } from './activity.ts'

/** No full stop, no line break: the worst case of a request. */
const text = 'and then the old man looked up from his letter, '.repeat(2000)

export const speakingLongText: Activity = {
  what: `/v1/audio/speech is given ${text.length.toLocaleString('en')} characters without a full stop`,
  async begin({ server }) {
    return async () => {
      const response = await server.post('/v1/audio/speech', {
        input: text,
        voice: 'espeak:en-us',
        response_format: 'aac',
      })
      await response.body?.getReader().read()
      await response.body?.cancel().catch(() => undefined)
    }
  },
}
