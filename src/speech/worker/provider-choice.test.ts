import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { writeTinyKokoro } from '../../../test/fixtures/tiny-kokoro.ts'
import { temporaryFolder } from '../../../test/program/temporary-folder.ts'
import { openKokoro } from '../engines/kokoro/kokoro-engine.ts'
import { ModelCache } from '../onnx/model-cache.ts'
import { VoiceUnavailable } from '../speech-engine.ts'
import { chooseProvider } from './provider-choice.ts'
import { WorkerPool } from './worker-pool.ts'

const symbols = fileURLToPath(new URL('../../../voices/heart/kokoro-symbols.json', import.meta.url))
const folder = await temporaryFolder()
afterAll(() => folder[Symbol.asyncDispose]())

function collected() {
  const lines: string[] = []
  const add = (_: object, line: string) => void lines.push(line)
  return { lines, log: { info: add, warn: add } as unknown as Parameters<typeof chooseProvider>[1] }
}

test('a provider that this system does not have is replaced by the CPU, with a warning', async () => {
  // DirectML is of Windows alone, CoreML of macOS.
  const missing = process.platform === 'win32' ? 'coreml' : 'dml'
  const { lines, log } = collected()
  expect(await chooseProvider(missing, log)).toBe('cpu')
  expect(lines).toEqual([expect.stringContaining(`NIGHTJAR_PROVIDER=${missing} cannot be used`)])
})

test('the CPU needs no trial', async () => {
  const { lines, log } = collected()
  expect(await chooseProvider('cpu', log)).toBe('cpu')
  expect(lines).toEqual([])
})

test('the provider shapes the sound, so it is in the version of the engine, but not that of others', async () => {
  const [cpu, cuda] = [
    await openKokoro(symbols),
    await openKokoro(symbols, new ModelCache(undefined, 'cuda')),
  ]
  expect(cuda.version).toBe(`${cpu.version} on-cuda`)
  const pool = new WorkerPool({
    size: 1,
    module: new URL('./speech-worker.ts', import.meta.url),
    provider: 'cuda',
  })
  const engines = await pool.engines
  await pool.stop()
  expect(engines.find(({ name }) => name === 'kokoro')?.version).toBe(cuda.version)
  const onCuda = engines.filter(({ version }) => version.includes('on-cuda'))
  expect(onCuda.map(({ name }) => name).toSorted()).toEqual(['kokoro', 'kokoro-zh'])
})

test('a model never runs on another provider than its engine names', async () => {
  const model = await writeTinyKokoro(folder.path, 'tiny')
  const missing = process.platform === 'win32' ? 'coreml' : 'dml'
  const engine = await openKokoro(symbols, new ModelCache(undefined, missing))
  const spoken = engine.speak({ text: 'One.', voice: 'kokoro:tiny', speed: 1, seed: 'seed', model })
  await expect(spoken).rejects.toThrow(VoiceUnavailable)
  await expect(spoken).rejects.toThrow(new RegExp(`NIGHTJAR_PROVIDER=${missing}`))
  await engine.close()
})
