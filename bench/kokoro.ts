import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { VoiceModel } from '../src/novel/installed-voice.ts'
import { fileSha256, prepareModel } from '../src/speech/onnx/prepared-model.ts'

const files = new URL('../../shared/voices/kokoro/', import.meta.url)

export const kokoroVoice = 'kokoro:af_heart'

/** Kokoro with its voice af_heart, prepared as when it is installed, until it is disposed of; `undefined` if it is not here. */
export async function kokoro(): Promise<
  (Disposable & { readonly model: VoiceModel & { readonly config: string } }) | undefined
> {
  if (!existsSync(files)) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'nightjar-bench-'))
  const model = join(folder, 'kokoro.onnx')
  copyFileSync(new URL('kokoro-v1.0.int8.onnx', files), model)
  await prepareModel(model)
  const config = fileURLToPath(new URL('af_heart.bin', files))
  return {
    model: { model, config, checksum: await fileSha256(model), language: 'en-US' },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}
