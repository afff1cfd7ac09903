import type { CatalogueVoice, Voice, VoiceUse } from '../http/voice-contract.ts'
import { ApiClient, type CliContext } from './client.ts'
import { formatMegabytes } from './progress-bar.ts'
import { addVoice } from './voice-add.ts'

/** What `nightjar voices …` can do; `undefined` when the words after it make no sense. */
export async function voices(line: CliContext, words: readonly string[]): Promise<number | undefined> {
  const [verb, ...rest] = words
  const [what, ...more] = rest
  switch (verb) {
    case 'search':
      return what === undefined ? undefined : searchCatalogue(line, rest.join(' '))
    case 'add':
      return what === undefined || more.length > 0 ? undefined : addVoice(line, what)
    case 'remove':
      return what === undefined || more.length > 0 ? undefined : removeVoice(line, what)
    case 'try':
      return what === undefined || more.length === 0 ? undefined : tryVoice(line, what, more.join(' '))
    default:
      return rest.length > 0 ? undefined : listVoices(line, verb)
  }
}

/** Who can speak, all or in a language. */
async function listVoices(line: CliContext, language: string | undefined): Promise<number> {
  await using client = await ApiClient.connect(line, { work: false })
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

/** A language's tag, or words of a name. */
async function searchCatalogue(line: CliContext, words: string): Promise<number> {
  await using client = await ApiClient.connect(line, { work: false })
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

async function removeVoice(line: CliContext, name: string): Promise<number> {
  await using client = await ApiClient.connect(line, { work: false })
  const id = await findInstalledVoiceId(client, name)
  const { novels } = await client.delete<{ novels: VoiceUse[] }>(`/api/voices/${encodeURIComponent(id)}`)
  console.log(`${id} is removed. What it has spoken stays.`)
  for (const { title } of novels) console.log(`  ${title} gets the best voice for its language from now on.`)
  return 0
}

/** The text as WAV on standard output. */
async function tryVoice(line: CliContext, name: string, text: string): Promise<number> {
  if (process.stdout.isTTY) {
    console.error(
      'This would fill the terminal with sound. Send it to a file: nightjar voices try … > out.wav',
    )
    return 2
  }
  await using client = await ApiClient.connect(line, { work: false })
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

/** A voice by its id or by what stands behind the colon; what fits no voice is left for the server to refuse. */
async function findInstalledVoiceId(client: ApiClient, name: string): Promise<string> {
  const { voices: all } = await client.get<{ voices: Voice[] }>('/api/voices')
  const wanted = name.toLowerCase()
  const found =
    all.find(({ id }) => id.toLowerCase() === wanted) ??
    all.find(({ id }) => id.toLowerCase().endsWith(`:${wanted}`)) ??
    all.find((voice) => voice.name.toLowerCase() === wanted)
  return found?.id ?? name
}
