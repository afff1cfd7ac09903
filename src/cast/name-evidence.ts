import { type Age, type Gender, nameKey } from '../novel/cast.ts'
import type { Block } from '../novel/novel.ts'
import { primarySubtag } from '../novel/voice.ts'
import { collectChineseNames } from './chinese-subjects.ts'
import type { Span } from './dialogue.ts'
import { findDialogue } from './dialogue.ts'
import { narrationWords, type NarrationWords } from './narration-words.ts'
import { namedSubjects, subjectAfter, subjectBefore } from './speech-subjects.ts'

/** What a novel's narration says of whoever it names, by `nameKey`. */
export interface NameEvidence {
  /** Chinese words before 道, with how often they stand there. */
  readonly chinese: Map<string, number>
  /** Of names that are said to speak: sentences in which a pronoun of a gender follows. */
  readonly pronouns: Map<string, { female: number; male: number }>
  /** Who is said to speak, with how often. */
  readonly speakers: Map<string, number>
  /** Of languages whose sentences may begin with their verb: words with a capital inside a sentence. */
  readonly capitals: Set<string>
}

export function noEvidence(): NameEvidence {
  return { chinese: new Map(), pronouns: new Map(), speakers: new Map(), capitals: new Set() }
}

const genderWords: Readonly<Record<Gender, ReadonlySet<string>>> = {
  female: wordSet(
    'mrs ms miss lady madam madame mme mademoiselle mlle queen princess countess duchess baroness empress abbess woman girl mother mamma mama aunt sister daughter wife widow grandmother granny nurse maid housemaid governess hostess mistress nun witch actress niece bride goddess ' +
      'frau fräulein mutter schwester tochter tante königin prinzessin gräfin dienstmädchen magd großmutter bedienerin köchin mädchen witwe herrin ' +
      'reine vieille dame fille femme mère sœur tante comtesse marquise baronne servante princesse ' +
      'señora señorita doña reina mujer niña vieja madre hermana hija tía condesa duquesa abuela ' +
      'bà cô chị mụ nàng dì mẹ',
  ),
  male: wordSet(
    'mr sir lord king prince count duke baron emperor abbot man boy father papa uncle brother son husband widower grandfather monk priest footman coachman gentleman landlord knight nephew master wizard monsieur butler lad fellow bridegroom ' +
      'herr vater bruder sohn onkel könig prinz graf großvater diener knecht prokurist mann junge ' +
      'roi vieux homme garçon père frère oncle comte marquis fils abbé prêtre valet ' +
      'señor don rey hombre niño viejo padre hermano hijo tío conde duque abuelo ' +
      'ông anh thằng lão chàng ngài gã chú bác bố cha',
  ),
}

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(' '))
}

const chineseGenders: readonly (readonly [Gender, RegExp])[] = [
  ['female', /(?:[娘婆妈媽姐妹妃姑妇婦母女奶嫂]|公主|菩萨|夫人|小姐)$/u],
  ['male', /(?:[王公爷爺叔伯哥弟僧父汉漢翁]|大圣|行者|和尚|长老|道士|先生|老者|将军|祖师|太子)$/u],
]

const ageWords: Readonly<Record<Age, RegExp>> = {
  child:
    /^(?:boy|girl|child|lad|kid|baby|infant|youngster|junge|mädchen|kind|garçon|fille|enfant|niño|niña|童子|孩子|小孩|thằng bé|cậu bé|cô bé|đứa)$/u,
  old: /^(?:old|elderly|aged|grandfather|grandmother|granny|alte|alter|vieux|vieille|vieil|viejo|vieja|abuelo|abuela|老者|老人|老太太|老儿|婆婆|lão|cụ|già)$/u,
}

/** The gender that a name or a noun itself tells: “Mrs. Hurst”, “the old woman”, “die Mutter”. */
function genderInName(name: string): Gender | undefined {
  if (/\p{Script=Han}/u.test(name)) return chineseGenders.find(([, ending]) => ending.test(name))?.[0]
  const words = name.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? []
  const found = (['female', 'male'] as const).filter((gender) =>
    words.some((word) => genderWords[gender].has(word)),
  )
  return found.length === 1 ? found[0] : undefined
}

export function ageInName(name: string): Age | undefined {
  const words = name.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? []
  const parts = [...words, words.slice(0, 2).join(' ')]
  return (['child', 'old'] as const).find((age) => parts.some((word) => ageWords[age].test(word)))
}

/** The gender that the text itself gives a name, in it or by the pronouns behind it; `undefined`: none, or both. */
export function genderOf(name: string, { pronouns }: NameEvidence): Gender | undefined {
  const inName = genderInName(name)
  if (inName !== undefined) return inName
  const seen = pronouns.get(nameKey(name))
  if (!seen) return undefined
  const { female, male } = seen
  if (female + male < 2) return undefined
  if (female >= 4 * male) return 'female'
  return male >= 4 * female ? 'male' : undefined
}

const pronounForms: Readonly<Record<string, Readonly<Record<Gender, RegExp>>>> = {
  en: { female: /\b(?:she|her|herself)\b/iu, male: /\b(?:he|him|his|himself)\b/iu },
  fr: { female: /\belle\b/iu, male: /\bil\b/iu },
  de: { female: /\bsie\b/u, male: /\ber\b/u },
  es: { female: /\bella\b/iu, male: /(?<!\p{L})él(?!\p{L})/iu },
}

/** A spoken span with the narration before and behind it. */
interface NarratedSpan {
  readonly span: Span
  readonly before: string
  readonly after: string
  /** What is behind it ends with a colon: it may be the next quote's. */
  readonly leads: boolean
}

/** What is read of a paragraph that ends with a colon, before one that begins with speech; in characters. */
const longestLead = 300

/** The spoken spans of a block with the narration around each, in the block itself. */
export function narrationAround(text: string, spans: readonly Span[], paragraphBefore = ''): NarratedSpan[] {
  const led = /[:：]\s*$/u.test(paragraphBefore) ? paragraphBefore.slice(-longestLead) : ''
  return spans.flatMap((span, at) => {
    if (span.kind !== 'speech') return []
    const [prior, next] = [spans[at - 1], spans[at + 1]]
    const before = prior?.kind === 'narration' ? text.slice(prior.start, prior.end) : at === 0 ? led : ''
    const after = next?.kind === 'narration' ? text.slice(next.start, next.end) : ''
    const leads =
      spans[at + 2]?.kind === 'speech' && /[:：]\s*$/u.test(after) && !/[.!?。！？；]\s*\S/u.test(after)
    return [{ span, before, after, leads }]
  })
}

/** Adds what a chapter tells of its names. */
export function collectEvidence(
  blocks: readonly Pick<Block, 'kind' | 'text' | 'marks'>[],
  language: string,
  evidence: NameEvidence,
): void {
  const code = primarySubtag(language)
  const words = narrationWords(code)
  for (const [at, spans] of findDialogue(blocks, language).entries()) {
    const { text } = blocks[at]!
    const around = narrationAround(text, spans, blocks[at - 1]?.text)
    if (code === 'zh') {
      collectChineseNames(
        around.map(({ before }) => before),
        evidence.chinese,
      )
      continue
    }
    if (!words) continue
    if (code === 'es' || code === 'fr')
      for (const [name] of text.matchAll(/(?<=\p{Ll},?\s)\p{Lu}\p{L}+/gu)) evidence.capitals.add(name)
    for (const { span, before, after, leads } of around) {
      const quote = text.slice(span.start, span.end)
      const mention = subjectAfter(quote, after, words, leads) ?? subjectBefore(before, words)
      if (mention?.kind === 'name') {
        count(evidence.speakers, nameKey(mention.name))
        countArticle(mention.name, words.code, evidence)
      }
    }
    for (const { start, end, kind } of spans)
      if (kind === 'narration') collectPronouns(text.slice(start, end), words, evidence)
  }
}

function collectPronouns(narration: string, words: NarrationWords, { pronouns }: NameEvidence): void {
  const forms = pronounForms[words.code]
  if (!forms || narration.length < 20) return
  for (const sentence of narration.split(/(?<=[.!?…]["”’»]?)\s+/u)) {
    const [name, second] = namedSubjects(sentence, words)
    if (name === undefined || second !== undefined) continue
    const rest = sentence.slice(name.length, 200)
    // A sentence with somebody else in it may speak of both.
    if (/\s\p{Lu}\p{L}+/u.test(rest.slice(1))) continue
    const [female, male] = [forms.female.test(rest), forms.male.test(rest)]
    if (female === male) continue
    const seen = pronouns.get(nameKey(name)) ?? { female: 0, male: 0 }
    if (female) seen.female++
    else seen.male++
    pronouns.set(nameKey(name), seen)
  }
}

const genderArticles: Readonly<Record<string, Readonly<Record<Gender, RegExp>>>> = {
  fr: { female: /^la\s/iu, male: /^le\s/iu },
  de: { female: /^die\s/iu, male: /^der\s/iu },
  es: { female: /^la\s/iu, male: /^el\s/iu },
}

/** A noun's article tells by which pronoun it is meant. */
function countArticle(name: string, code: string, { pronouns }: NameEvidence): void {
  const gender = (['female', 'male'] as const).find((each) => genderArticles[code]?.[each].test(name))
  if (gender === undefined) return
  const seen = pronouns.get(nameKey(name)) ?? { female: 0, male: 0 }
  seen[gender] += 2
  pronouns.set(nameKey(name), seen)
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
