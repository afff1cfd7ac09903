import { expect, test } from 'vitest'
import { longStory } from '../fixtures/long-story.ts'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { onPostgres, storageSettings } from '../program/test-storage.ts'
import { waitUntil } from '../program/wait-until.ts'

const program = [new URL('../program/serve-with-faulty-engine.ts', import.meta.url).pathname]
const speakers = 2

test.skipIf(!onPostgres)(
  'two servers share a novel; one is killed, and the other finishes it: spoken twice is only what that held',
  async () => {
    await using folder = await temporaryFolder()
    const settings = {
      ...storageSettings(folder.path),
      NIGHTJAR_OBJECTS: `${folder.path}/objects`,
    }
    const start = (name: string) =>
      ServerProcess.start({ data: `${folder.path}/${name}`, speakers, program, settings })
    await using one = await start('one')
    await using two = await start('two')
    const { novel } = await one.add(longStory(4, 30), 'story.txt')
    const progressId = await one.generate(novel.id, undefined, { voice: 'odd:hum' })
    await waitUntil(() => one.handedOut.length > 3 && two.handedOut.length > 3)
    await one.kill()
    const { status, failedSegments, segmentsDone, segmentsTotal } = await two.finished(progressId)
    expect({ status, failedSegments, segmentsDone }).toEqual({
      status: 'completed',
      failedSegments: [],
      segmentsDone: segmentsTotal,
    })
    const spoken = [...one.handedOut, ...two.handedOut]
    expect(new Set(spoken).size).toBe(segmentsTotal)
    expect(spoken.length - segmentsTotal).toBeLessThanOrEqual(speakers)
  },
)
