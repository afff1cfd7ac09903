import { existsSync } from 'node:fs'
import { copyFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { VoiceModel } from '../../src/novel/installed-voice.ts'
import { type KokoroEngine, openKokoro } from '../../src/speech/engines/kokoro/kokoro-engine.ts'
import { readGraph } from '../../src/speech/onnx/onnx-graph.ts'
import { fileSha256, prepareModel } from '../../src/speech/onnx/prepared-model.ts'
import type { Speech } from '../../src/speech/speech-engine.ts'
import { temporaryFolder } from '../program/temporary-folder.ts'

const files = new URL('../../../shared/voices/kokoro/', import.meta.url)
const symbols = fileURLToPath(new URL('../../voices/heart/kokoro-symbols.json', import.meta.url))

describe.skipIf(!existsSync(files))('Kokoro as it is published (needs ../shared/voices)', async () => {
  const folder = await temporaryFolder()
  let engine: KokoroEngine
  let heart: VoiceModel
  beforeAll(async () => {
    const model = join(folder.path, 'kokoro.onnx')
    await copyFile(new URL('kokoro-v1.0.int8.onnx', files), model)
    await prepareModel(model)
    const config = fileURLToPath(new URL('af_heart.bin', files))
    heart = { model, config, checksum: await fileSha256(model), language: 'en-US' }
    engine = await openKokoro(symbols)
  })
  afterAll(async () => {
    await engine.close()
    await folder[Symbol.asyncDispose]()
  })

  function speak(text: string, model = heart): Promise<Speech> {
    return engine.speak({ text, voice: 'kokoro:heart', speed: 1, seed: 'seed', model })
  }

  test('its integers become floats', async () => {
    const { nodes } = readGraph(await readFile(heart.model))
    expect(nodes.filter(({ operation }) => /Integer|DynamicQuantize/.test(operation))).toEqual([])
  })

  test('speaks a sentence with exact word times, the same by another instance', async () => {
    const text = 'She opened the window, and the cold air came in.'
    const { samples, words } = await speak(text)
    const said = 'She opened the window and the cold air came in'.split(' ')
    expect(words.map(({ start, end }) => text.slice(start, end))).toEqual(said)
    for (const { from, to } of words) {
      expect(to - from).toBeGreaterThan(0.03)
      expect(to - from).toBeLessThan(0.8)
    }
    // The pause at the comma belongs to no word.
    expect(words[4]!.from - words[3]!.to).toBeGreaterThan(0.1)
    const other = await openKokoro(symbols)
    const again = await other.speak({ text, voice: 'kokoro:heart', speed: 1, seed: 'seed', model: heart })
    await other.close()
    expect(again.samples).toEqual(samples)
  })

  test.each([
    ['en-GB', 'The vase stood in the bath.', 6],
    ['es', 'El niño llegó a casa.', 5],
    ['fr-FR', 'Un vieux capitaine ouvrit la fenêtre.', 6],
    ['hi', 'उसने खिड़की खोली।', 3],
    ['it', 'Il vecchio aprì la finestra.', 5],
    ['pt-BR', 'A menina abriu a janela.', 5],
  ])('speaks %s', async (language, text, words) => {
    const speech = await speak(text, { ...heart, language })
    expect(speech.words.length).toBeGreaterThanOrEqual(words - 1)
    expect(speech.samples.length / speech.sampleRate).toBeGreaterThan(1)
  })

  test.each([
    [
      'ja',
      'jf_alpha',
      '二十日の朝、彼は一人で歩いた。',
      ['二十日', 'の', '朝', '彼', 'は', '一人', 'で', '歩い', 'た'],
      2,
    ],
    ['zh', 'zf_xiaoxiao', '他来了，没看见人。', ['他', '来', '了', '没', '看见', '人'], 2],
  ])('speaks %s with its own voice, word by word', async (language, name, text, expected, beforeMark) => {
    const config = fileURLToPath(new URL(`${name}.bin`, files))
    const { words } = await speak(text, { ...heart, config, language })
    expect(words.map(({ start, end }) => text.slice(start, end))).toEqual(expected)
    for (const { from, to } of words) {
      expect(to - from).toBeGreaterThan(0.03)
      expect(to - from).toBeLessThan(0.9)
    }
    const pause = words[beforeMark + 1]!.from - words[beforeMark]!.to
    expect(pause).toBeGreaterThan(0.05)
  })
})
