import { expect, test } from 'vitest'
import { ApiClient } from './api-client.ts'

test.each([
  [false, 8, 1],
  [false, 0, 0],
  [true, 8, 8],
])('a command that works: %s, of %i speech workers starts %i', async (work, speakers, started) => {
  const asked: number[] = []
  const context = {
    settings: {
      NIGHTJAR_DATA: '/nowhere',
      NIGHTJAR_SPEAKERS: speakers,
      NIGHTJAR_DATABASE: '',
      NIGHTJAR_OBJECTS: '',
      HOST: '127.0.0.1',
      PORT: 0,
      NIGHTJAR_AUTH: '' as const,
      NIGHTJAR_LOG: 'silent' as const,
    },
    start: ({ NIGHTJAR_SPEAKERS }: { readonly NIGHTJAR_SPEAKERS: number }) => {
      asked.push(NIGHTJAR_SPEAKERS)
      return Promise.resolve({ address: 'http://127.0.0.1:1/', stop: () => Promise.resolve() })
    },
  }
  await using _ = await ApiClient.connect(context, { work })
  expect(asked).toEqual([started])
})
