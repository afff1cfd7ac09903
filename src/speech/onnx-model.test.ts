import { readFileSync } from 'node:fs'
import { InferenceSession } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { durationsTensor, withOutput } from './onnx-model.ts'

const heart = readFileSync(new URL('../../voices/heart/heart.onnx', import.meta.url))

test('the durations are found by their shape in the graph, and become an output', async () => {
  const tensor = durationsTensor(heart)
  if (tensor === undefined) throw new Error('not found')
  const session = await InferenceSession.create(withOutput(heart, tensor))
  expect(session.outputNames).toEqual(['lh', 'theta', 'ln', 'lr', 'phi', 'f0', tensor])
  await session.release()
})

test.each([
  ['nothing', Buffer.alloc(0)],
  ['a text', Buffer.from('<!doctype html><title>Not found</title>')],
  ['half a model', heart.subarray(0, heart.length / 2)],
  ['a graph without a running sum', Buffer.from([0x3a, 0x00])],
])('%s has no durations', (_, bytes) => {
  expect(durationsTensor(bytes)).toBeUndefined()
})
