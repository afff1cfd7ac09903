import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { openNetwork } from './onnx-network.ts'

const heart = fileURLToPath(new URL('../../../voices/heart/heart.onnx', import.meta.url))
const checksumOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex')

test('the durations are found by their pattern in the graph, and become an output', async () => {
  const { session, durations, noises, inputs } = await openNetwork(heart, checksumOf(heart))
  expect(durations).toBeDefined()
  expect(session.outputNames).toEqual(['lh', 'theta', 'ln', 'lr', 'phi', 'f0', durations])
  expect(inputs).toEqual(['ids', 'speed'])
  expect(noises).toEqual([])
  await session.release()
})
