import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { longStory } from '../fixtures/long-story.ts'
import { Command } from '../program/cli-process.ts'
import { needsMount, smallDisk } from '../program/limited-disk.ts'
import { MachineProcess } from '../program/machine-process.ts'
import { ServerProcess } from '../program/server-process.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'
import { waitUntil } from '../program/wait-until.ts'

const program = fileURLToPath(new URL('../program/serve-with-faulty-engine.ts', import.meta.url))

test('while the server’s disk is full a machine keeps its clip and sends it again: nothing is spoken twice', async ({
  skip,
}) => {
  using disk = smallDisk(120)
  skip(!disk, needsMount)
  if (!disk) return
  await using cache = await temporaryFolder()
  const data = join(disk.path, 'data')
  mkdirSync(data)
  const token = (await Command.run(['token', 'create', 'desk'], data)).out.trim()
  await using server = await ServerProcess.start({ data, speakers: 0, program: [program] })
  await using machine = new MachineProcess({
    server: server.address,
    token,
    name: 'desk',
    folder: cache.path,
    speakers: 2,
  })
  await machine.joined()
  const { novel } = await server.add(longStory(1, 60), 'story.txt')
  const progressId = await server.generate(novel.id, undefined, { voice: 'odd:hum' })
  await server.until(progressId, ({ segmentsDone }) => segmentsDone > 5)
  disk.fill()
  // A minute passes before the server says that it cannot store the clip.
  await waitUntil(() => machine.output.includes('The clip is kept and sent again.'))
  expect(machine.output).toContain('The disk is full.')
  const { segmentsDone } = await server.progress(progressId)
  expect(machine.given.length).toBeLessThanOrEqual(segmentsDone + 2)
  disk.makeRoom()
  expect(await server.finished(progressId)).toMatchObject({ status: 'completed', failedSegments: [] })
  expect(machine.given).toHaveLength(new Set(machine.given).size)
})
