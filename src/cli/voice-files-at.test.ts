import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tinyPresets, tinyVoiceStyle } from '../../test/fixtures/tiny-flow.ts'
import { temporaryFolder } from '../../test/program/temporary-folder.ts'
import { publishedParts } from '../novel/bundled-models.ts'
import { voiceFilesAt } from './voice-files-at.ts'

test('a model has its description beside it, a style stands alone, and a name is of the catalogue', async () => {
  await using folder = await temporaryFolder()
  const at = (name: string) => join(folder.path, name)
  await writeFile(at('mine.onnx.json'), '{}')
  expect(await voiceFilesAt(at('mine.onnx'))).toEqual([
    { models: [at('mine.onnx')], config: at('mine.onnx.json') },
  ])
  expect(await voiceFilesAt(at('bare.onnx'))).toEqual([{ models: [at('bare.onnx')] }])
  expect(await voiceFilesAt(at('af_bella.bin'))).toEqual([{ models: [], config: at('af_bella.bin') }])
  expect(await voiceFilesAt('joe')).toEqual([])
  await writeFile(at('voices.json'), tinyPresets({ Mai: 0.1, Quân: 0.5 }))
  expect(await voiceFilesAt(at('voices.json'))).toEqual(
    ['Mai', 'Quân'].map((name) => ({ models: [], config: at('voices.json'), name })),
  )
  await expect(voiceFilesAt(at('none.json'))).rejects.toThrow('there is no such file')
})

test('a folder as it is published gives all of its voices, the model with the first', async () => {
  await using folder = await temporaryFolder()
  await mkdir(join(folder.path, 'onnx'))
  await mkdir(join(folder.path, 'voice_styles'))
  const models = publishedParts.supertonic.map(({ name }) => join(folder.path, 'onnx', name)).toSorted()
  for (const path of models) await writeFile(path, '')
  await expect(voiceFilesAt(folder.path)).rejects.toThrow('there is no style (.json) in it')
  const styles = ['kim', 'linh'].map((name) => join(folder.path, 'voice_styles', `${name}.json`))
  for (const style of styles) await writeFile(style, tinyVoiceStyle(0.1))
  expect(await voiceFilesAt(folder.path)).toEqual([
    { models, config: styles[0] },
    { models: [], config: styles[1] },
  ])
})
