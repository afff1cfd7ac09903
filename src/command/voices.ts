import type { Voice } from '../http/contract.ts'
import { Client, type CommandLine } from './client.ts'

/** Lists who can speak, all or in a language. */
export async function voices(line: CommandLine, language: string | undefined): Promise<number> {
  await using client = await Client.connect(line, { work: false })
  const query = language === undefined ? '' : `?language=${encodeURIComponent(language)}`
  const answer = await client.get<{ voices: Voice[] }>(`/api/voices${query}`)
  for (const { id, name, language: tag, neural, default: standard } of answer.voices) {
    const notes = [neural ? 'neural' : 'formant', ...(standard ? ['default'] : [])].join(', ')
    console.log(`${id.padEnd(24)} ${tag.padEnd(12)} ${name} (${notes})`)
  }
  if (answer.voices.length > 0) return 0
  console.error(`No installed voice speaks ${language}.`)
  return 1
}
