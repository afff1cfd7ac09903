import { Failure } from './failure.ts'

/** A usable voice. */
export interface Voice {
  /** `engine:name`, e.g. `hibari:heart`, `espeak:vi`. */
  readonly id: string
  readonly engine: string
  readonly name: string
  /** BCP 47. */
  readonly language: string
  readonly gender?: 'female' | 'male'
  /** Speaker names of a multi-speaker model; speaker N is the voice `ID:N`. */
  readonly speakers?: readonly string[]
  /** Neural voices are preferred to formant voices. */
  readonly neural: boolean
}

/** The engine's name in a voice id. Throws `voice.unknown`. */
export function engineOf(voiceId: string): string {
  const colon = voiceId.indexOf(':')
  if (colon < 1 || colon === voiceId.length - 1) throw new Failure('voice.unknown', { voice: voiceId })
  return voiceId.slice(0, colon)
}

/**
 * The best of `voices` for a novel's language: the same language and region, then the same language, neural before
 * formant, costly ones after the others; `undefined` if there is none.
 */
export function bestVoice(voices: readonly Voice[], language: string): Voice | undefined {
  const wanted = language.toLowerCase()
  const primary = primarySubtag(wanted)
  const rank = (voice: Voice): number => {
    const tag = voice.language.toLowerCase()
    if (!sameLanguage(tag, wanted)) return 0
    const kind = voice.neural ? (isCostly(voice.engine) ? 4 : 8) : 0
    return 1 + kind + (tag === wanted ? 2 : 0) + (tag === primary ? 1 : 0)
  }
  let best: Voice | undefined
  let bestRank = 0
  for (const voice of voices) {
    const r = rank(voice)
    if (r > bestRank) [best, bestRank] = [voice, r]
  }
  return best
}

/** Engines whose voices take ten times and more of what the other neural ones do, and a large model in memory. */
const costlyEngines = new Set(['kokoro', 'kokoro-zh', 'vieneu', 'supertonic'])

export function isCostly(engine: string): boolean {
  return costlyEngines.has(engine)
}

/** `zh` of `zh-Hant-TW`. */
export function primarySubtag(language: string): string {
  return language.toLowerCase().split(/[-_]/, 1)[0] ?? ''
}

/**
 * Whether a voice of one language can read the other. Norwegian voices are tagged `no` or `nb`, its more common written
 * form.
 */
export function sameLanguage(one: string, other: string): boolean {
  return spokenLanguage(one) === spokenLanguage(other)
}

/** The primary subtag, equal for all tags that `sameLanguage` treats as equal. */
export function spokenLanguage(tag: string): string {
  const primary = primarySubtag(tag)
  return primary === 'nb' ? 'no' : primary
}

/** How an English voice pronounces, by the name of eSpeak's voice that does too. */
export type EnglishAccent = 'en-us' | 'en-gb'

/** The accent of a voice's language: British for `en-GB`, else American. */
export function englishAccent(language: string): EnglishAccent {
  return /^en-GB\b/i.test(language) ? 'en-gb' : 'en-us'
}
