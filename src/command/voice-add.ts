import { openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { CatalogueVoice, Install, Voice } from '../http/voice-contract.ts'
import { Failure } from '../novel/failure.ts'
import { ApiClient, type CliContext } from './client.ts'
import { ProgressLine } from './progress-bar.ts'

const pollIntervalMs = 300

/** Installs a voice of the catalogue by its name, or one from a file (`.onnx`, its `.onnx.json` beside it). */
export async function addVoice(line: CliContext, what: string): Promise<number> {
  await using client = await ApiClient.connect(line, { work: false })
  // Awaited, or the client would hang up at once.
  return await (what.toLowerCase().endsWith('.onnx') ? installFromFile(client, what) : installFromCatalogue(client, what))
}

async function installFromFile(client: ApiClient, file: string): Promise<number> {
  const form = new FormData()
  try {
    form.append('model', await openAsBlob(file), basename(file))
  } catch (cause) {
    throw new Failure('voice.unfit', { file, detail: 'there is no such file' }, { cause })
  }
  const config = `${file}.json`
  const blob = await openAsBlob(config).catch(() => undefined)
  if (blob) form.append('config', blob, basename(config))
  console.error('The voice is proved: it speaks a text and is listened to.')
  const { voice } = await client.post<{ voice: Voice }>('/api/voices/files', form)
  console.log(`${voice.id} can speak now (${voice.name}, ${voice.language}).`)
  return 0
}

async function installFromCatalogue(client: ApiClient, name: string): Promise<number> {
  const { installId } = await client.post<{ installId: string }>('/api/voices/install', {
    id: await findCatalogueVoiceId(client, name),
  })
  const bar = new ProgressLine()
  try {
    for (;;) {
      const { install } = await client.get<{ install: Install }>(`/api/voices/installs/${installId}`)
      bar.draw(install.bytesDone / install.bytesTotal, [install.status])
      if (install.status === 'completed') {
        bar.end()
        console.log(`${install.voiceId} can speak now.`)
        return 0
      }
      if (install.status === 'failed' || install.status === 'cancelled') {
        bar.end()
        console.error(install.errorMessage ?? 'The install was cancelled.')
        return 1
      }
      await wait(pollIntervalMs)
    }
  } finally {
    bar.end()
  }
}

/** `joe` or `en_US-joe-medium` for `piper:en_US-joe-medium`; what fits none, or several, is left for the server to refuse. */
async function findCatalogueVoiceId(client: ApiClient, name: string): Promise<string> {
  const { voices: offered } = await client.get<{ voices: CatalogueVoice[] }>('/api/voices/catalogue?limit=500')
  const wanted = name.toLowerCase()
  const whole = offered.find(
    ({ id }) => id.toLowerCase() === wanted || id.toLowerCase().endsWith(`:${wanted}`),
  )
  if (whole) return whole.id
  const named = offered.filter((voice) => voice.name.toLowerCase() === wanted)
  if (named.length > 1) {
    const ids = named.map(({ id }) => id).join(', ')
    throw new Failure('request.invalid', { detail: `several voices are called ${name}: ${ids}` })
  }
  return named[0]?.id ?? name
}
