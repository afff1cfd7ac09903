import { expect, test } from 'vitest'
import { isStyle, voicesAmong } from './voice-files.ts'

const files = (...names: string[]) => names.map((name) => new File(['x'], name))
const names = (chosen: File[]) =>
  voicesAmong(chosen).map(({ name, model, config }) => [name, model?.name, config?.name])

test('the two files of a voice are found whichever comes first', () => {
  expect(names(files('mine.onnx.json', 'mine.onnx'))).toEqual([['mine', 'mine.onnx', 'mine.onnx.json']])
})

test('several voices at once keep to their own descriptions', () => {
  expect(names(files('a.onnx', 'b.onnx', 'b.onnx.json', 'a.onnx.json'))).toEqual([
    ['a', 'a.onnx', 'a.onnx.json'],
    ['b', 'b.onnx', 'b.onnx.json'],
  ])
})

test('a model and a description alone belong together, whatever they are called', () => {
  expect(names(files('model.ONNX', 'config.json'))).toEqual([['model', 'model.ONNX', 'config.json']])
})

test('a model without a description is a voice, a description without a model lacks one', () => {
  expect(names(files('kore.onnx'))).toEqual([['kore', 'kore.onnx', undefined]])
  expect(names(files('mine.onnx.json'))).toEqual([['mine', undefined, 'mine.onnx.json']])
})

test('tables of styles share one model, which goes with the first, or is on the server', () => {
  expect(names(files('kokoro.onnx', 'af_bella.bin', 'af_sky.bin'))).toEqual([
    ['af_bella', 'kokoro.onnx', 'af_bella.bin'],
    ['af_sky', undefined, 'af_sky.bin'],
  ])
  expect(names(files('am_adam.bin'))).toEqual([['am_adam', undefined, 'am_adam.bin']])
})

test('the files of a model that has several go with the first style; a style alone is one', () => {
  const model = ['text_encoder.onnx', 'vector_estimator.onnx', 'vocoder.onnx', 'tts.json', 'unicode_indexer.json']
  const voices = voicesAmong(files('khanh_vy.json', ...model, 'gia_bao.json'))
  expect(voices.map(({ name, parts, config }) => [name, parts?.map((part) => part.name), config?.name])).toEqual([
    ['khanh_vy', model, 'khanh_vy.json'],
    ['gia_bao', undefined, 'gia_bao.json'],
  ])
  expect(voices.every(isStyle)).toBe(true)
  expect(voicesAmong(files('mine.onnx.json')).every(isStyle)).toBe(false)
})

test('other files are no voices', () => {
  expect(names(files('book.epub', 'notes.txt'))).toEqual([])
})
