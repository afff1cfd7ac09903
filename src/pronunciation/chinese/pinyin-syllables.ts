/** A syllable of Mandarin, apart from how it is spelt: `you3` is `iou3`, `jue2` is `j` + `üe2`. */
export interface Syllable {
  /** One of 21; empty for a syllable that begins with its final. */
  readonly initial: string
  /** In its full form, ü as `v`: `iou`, `uei`, `uen`, `ve`; `n`, `ng`, `m` are syllables without a vowel. */
  readonly final: string
  /** 5 is the neutral tone. */
  readonly tone: number
  /** Whether it ends in the r of 儿 (`huar1`). */
  readonly erhua: boolean
}

const syllable =
  /^(?<initial>zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?<final>[aeiouv]+(?:ng|n)?|ng|n|m)(?<er>r)?(?<tone>[1-5])$/
const syllables = /^[a-zɡ]+[1-5](?: [a-zɡ]+[1-5])*$/

/** Whether phonemes are syllables of pinyin with a number for the tone, ü as `v`: `ni3 hao3`. IPA has no such numbers. */
export function isPinyin(phonemes: string): boolean {
  return syllables.test(phonemes) && pinyinSyllables(phonemes).length === phonemes.split(' ').length
}

/** The syllables of `ni3 hao3`; what is none is left out. */
export function pinyinSyllables(phonemes: string): Syllable[] {
  return phonemes.split(' ').flatMap((written) => parseSyllable(written) ?? [])
}

function parseSyllable(written: string): Syllable | undefined {
  const plain = written.replaceAll('ɡ', 'g')
  if (/^er[1-5]$/.test(plain)) return { initial: '', final: 'er', tone: Number(plain.at(-1)), erhua: false }
  const { initial = '', final = '', er, tone } = syllable.exec(plain)?.groups ?? {}
  if (tone === undefined) return undefined
  return { ...fullForm(initial, final), tone: Number(tone), erhua: er !== undefined }
}

const shortened: Readonly<Record<string, string>> = { iu: 'iou', ui: 'uei', un: 'uen', ue: 've' }
const afterY: Readonly<Record<string, string>> = {
  i: 'i',
  in: 'in',
  ing: 'ing',
  u: 'v',
  ue: 've',
  uan: 'van',
  un: 'vn',
}

/** Spelling rules of pinyin undone: what is written `yu`, `wei`, `ju`, `gui` with its full final. */
function fullForm(initial: string, final: string): { initial: string; final: string } {
  if (initial === 'y') return { initial: '', final: afterY[final] ?? `i${final}` }
  if (initial === 'w') return { initial: '', final: final === 'u' ? 'u' : `u${final}` }
  if ('jqx'.includes(initial) && initial !== '' && final.startsWith('u'))
    return { initial, final: `v${final.slice(1)}` }
  return { initial, final: shortened[final] ?? final }
}

const marked: Readonly<Record<string, string>> = {
  '\u0304': '1',
  '\u0301': '2',
  '\u030c': '3',
  '\u0300': '4',
}

/**
 * Pinyin as people write it (`Chóngqìng`, `chong2qing4`, `lü4`) in the form that is used here (`chong2 qing4`, `lv4`);
 * `undefined` if it is none. Syllables are separated by blanks, apostrophes, hyphens, or the numbers of their tones.
 */
export function readPinyin(written: string): string | undefined {
  const parts = written
    .normalize('NFD')
    .toLowerCase()
    .replaceAll('u\u0308', 'v')
    .replaceAll('ɡ', 'g')
    .replaceAll(/(?<=[0-5])(?=[a-z])/g, ' ')
    .split(/[\s'’-]+/u)
    .filter((part) => part !== '')
  const read = parts.map((part) => {
    const mark = /[\u0304\u0301\u030c\u0300]/u.exec(part)?.[0]
    const plain = part.replaceAll(/[\u0304\u0301\u030c\u0300]/gu, '').replace(/0$/, '5')
    return /[1-5]$/.test(plain) ? plain : `${plain}${mark === undefined ? '5' : marked[mark]}`
  })
  const phonemes = read.join(' ')
  return isPinyin(phonemes) ? phonemes : undefined
}
