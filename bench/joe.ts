import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { VoiceModel } from '../src/novel/installed-voice.ts'

const file = fileURLToPath(new URL('../../shared/voices/joe/en_US-joe-medium.onnx', import.meta.url))

export const joeVoice = 'piper:en_US-joe-medium'

/** Joe, a Piper voice of medium quality (63 MB); `undefined` if it is not installed. */
export function joe(): (VoiceModel & { readonly config: string }) | undefined {
  if (!existsSync(file)) return undefined
  const checksum = createHash('sha256').update(readFileSync(file)).digest('hex')
  return { model: file, config: `${file}.json`, checksum, language: 'en-US' }
}
