import { openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import type { CatalogueVoice, Install, Voice, VoiceUse } from '../http/contract/voice-contract.ts'
import { Failure } from '../novel/failure.ts'
import { ApiClient, type CliContext } from './api-client.ts'
import { formatMegabytes, ProgressLine } from './progress-line.ts'
import { voiceFilesAt } from './voice-files-at.ts'

/** Runs `nightjar voices …`; `undefined` for invalid arguments. */
export async function voices(context: CliContext, words: readonly string[]): Promise<number | undefined> {
  const [verb, ...rest] = words
  const [what, ...more] = rest
  switch (verb) {
    case 'search':
      return what === undefined ? undefined : searchCatalogue(context, rest.join(' '))
    case 'add':
      return what === undefined || more.length > 0 ? undefined : addVoice(context, what)
    case 'remove':
      return what === undefined || more.length > 0 ? undefined : removeVoice(context, what)
    case 'try':
      return what === undefined || more.length === 0 ? undefined : tryVoice(context, what, more.join(' '))
    default:
      return rest.length > 0 ? undefined : listVoices(context, verb)
  }
}

/** Prints the available voices, all or of one language. Returns 1 if there is none. */
async function listVoices(context: CliContext, language: string | undefined): Promise<number> {
  await using client = await ApiClient.connect(context, { work: false })
  const query = language === undefined ? '' : `?language=${encodeURIComponent(language)}`
  const answer = await client.get<{ voices: Voice[] }>(`/api/voices${query}`)
  const natural = answer.voices.filter(({ neural }) => neural)
  const plain = answer.voices.filter(({ neural }) => !neural)
  for (const { id, name, language: tag, neural, default: standard, speakers } of [...natural, ...plain]) {
    const notes = [
      neural ? 'neural' : 'formant',
      ...(speakers ? [`${speakers.length} speakers: ${id}:0 to ${id}:${speakers.length - 1}`] : []),
      ...(standard ? ['default'] : []),
    ]
    console.log(`${id.padEnd(24)} ${tag.padEnd(12)} ${name} (${notes.join(', ')})`)
  }
  if (answer.voices.length > 0) return 0
  console.error(
    `No installed voice speaks ${language}. "nightjar voices search ${language}" shows what there is.`,
  )
  return 1
}

/** Searches by language tag, then by words. Returns 1 if nothing is found. */
async function searchCatalogue(context: CliContext, words: string): Promise<number> {
  await using client = await ApiClient.connect(context, { work: false })
  const ask = async (query: string) =>
    (await client.get<{ voices: CatalogueVoice[] }>(`/api/voices/catalogue?limit=500&${query}`)).voices
  const word = encodeURIComponent(words)
  const byLanguage = /^[a-z]{2,3}([-_][a-z]{2})?$/i.test(words) ? await ask(`language=${word}`) : []
  const found = byLanguage.length > 0 ? byLanguage : await ask(`search=${word}`)
  for (const { id, language, languageName, name, quality, speakers, bytes, licence, installed } of found) {
    const notes = [
      quality,
      ...(speakers > 1 ? [`${speakers} speakers`] : []),
      formatMegabytes(bytes),
      licence ?? 'licence on its card',
      ...(installed ? ['installed'] : []),
    ]
    console.log(`${id.padEnd(36)} ${language.padEnd(6)} ${name}, ${languageName} (${notes.join(', ')})`)
  }
  if (found.length > 0) return 0
  console.error(`The catalogue has no voice for "${words}".`)
  return 1
}

async function removeVoice(context: CliContext, name: string): Promise<number> {
  await using client = await ApiClient.connect(context, { work: false })
  const id = await findInstalledVoiceId(client, name)
  const { novels } = await client.delete<{ novels: VoiceUse[] }>(`/api/voices/${encodeURIComponent(id)}`)
  console.log(`${id} is removed. What it has spoken stays.`)
  for (const { title } of novels) console.log(`  ${title} gets the best voice for its language from now on.`)
  return 0
}

/** Writes the spoken text as WAV to standard output. */
async function tryVoice(context: CliContext, name: string, text: string): Promise<number> {
  if (process.stdout.isTTY) {
    console.error(
      'This would fill the terminal with sound. Send it to a file: nightjar voices try … > out.wav',
    )
    return 2
  }
  await using client = await ApiClient.connect(context, { work: false })
  const voice = await findInstalledVoiceId(client, name)
  const response = await client.postForAudio('/v1/audio/speech', {
    model: 'nightjar',
    voice,
    input: text,
    response_format: 'wav',
  })
  for await (const chunk of response) {
    if (!process.stdout.write(chunk)) await new Promise((resolve) => process.stdout.once('drain', resolve))
  }
  return 0
}

/**
 * Finds a voice by id, the part of its id after the colon, or name; an unknown name is returned for the server to
 * reject.
 */
async function findInstalledVoiceId(client: ApiClient, name: string): Promise<string> {
  const { voices: all } = await client.get<{ voices: Voice[] }>('/api/voices')
  const wanted = name.toLowerCase()
  const found =
    all.find(({ id }) => id.toLowerCase() === wanted) ??
    all.find(({ id }) => id.toLowerCase().endsWith(`:${wanted}`)) ??
    all.find((voice) => voice.name.toLowerCase() === wanted)
  return found?.id ?? name
}

const pollIntervalMs = 300

/** Installs a voice of the catalogue by name, or from files: an `.onnx`, a style, or a folder with a model of several graphs. */
async function addVoice(context: CliContext, what: string): Promise<number> {
  await using client = await ApiClient.connect(context, { work: false })
  const files = await voiceFilesAt(what)
  // Awaited, because `await using` disposes the client when the function returns.
  if (files.length === 0) return await installFromCatalogue(client, what)
  console.error('Each voice is proved: it speaks a text and is listened to.')
  for (const { models, config, name } of files) {
    const form = new FormData()
    for (const path of models) form.append('model', await blobOf(path), basename(path))
    if (config !== undefined) form.append('config', await blobOf(config), basename(config))
    if (name !== undefined) form.append('name', name)
    const { voice } = await client.post<{ voice: Voice }>('/api/voices/files', form)
    console.log(`${voice.id} can speak now (${voice.name}, ${voice.language}).`)
  }
  return 0
}

async function blobOf(file: string): Promise<Blob> {
  try {
    return await openAsBlob(file)
  } catch (cause) {
    throw new Failure('voice.unfit', { file, detail: 'there is no such file' }, { cause })
  }
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

/**
 * Finds the id for `joe` or `en_US-joe-medium`: `piper:en_US-joe-medium`. An unknown name is returned for the server to
 * reject. Throws `request.invalid` if several voices have the name.
 */
async function findCatalogueVoiceId(client: ApiClient, name: string): Promise<string> {
  const { voices: offered } = await client.get<{ voices: CatalogueVoice[] }>(
    '/api/voices/catalogue?limit=500',
  )
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
