import { letter, space, traitsAt, upper } from './character-traits.ts'
import type { LanguageRules } from './language-rules.ts'

/** Verbs of speech in the forms used in narration, by language. */
const verbLists: Readonly<Record<string, string>> = {
  en:
    'said says asked asks cried cries shouted shouts replied replies answered answers exclaimed exclaims whispered whispers ' +
    'muttered mutters murmured murmurs called calls yelled yells screamed screams demanded demands inquired inquires enquired ' +
    'enquires wondered wonders thought thinks repeated repeats added adds began begins continued continues went returned ' +
    'remarked remarks observed observes suggested suggests insisted insists begged begs pleaded pleads gasped gasps groaned ' +
    'growled grunted hissed laughed mumbled panted roared sang sighed sniffed snapped sneered sobbed spluttered squealed ' +
    'stammered stuttered wailed warned whimpered barked bawled bellowed breathed chuckled croaked declared echoed ejaculated ' +
    'ended finished giggled interrupted interposed interjected jeered moaned persisted pursued put queried retorted ' +
    'shrieked snarled snorted urged ventured screeched agreed protested complained told',
  fr:
    'dit demanda cria répondit murmura reprit fit ajouta répliqua chuchota hurla lança souffla continua interrogea ' +
    'balbutia soupira gémit grogna grommela répéta protesta pensa songea objecta insista supplia bégaya rugit déclara ' +
    'remarqua observa interrompit poursuivit gronda ricana sanglota haleta rétorqua riposta commenta ordonna demande ' +
    'répond crie murmure disait criait demandait répétait répondait',
  de:
    'sagte fragte rief schrie antwortete erwiderte flüsterte murmelte brüllte meinte entgegnete versetzte bemerkte dachte ' +
    'stammelte stotterte seufzte stöhnte lachte knurrte zischte keuchte jammerte schluchzte wiederholte wollte begann ' +
    'erkundigte unterbrach sprach gab fuhr brummte kreischte hauchte befahl bat drängte warnte sagt fragt ruft',
  es:
    'dijo preguntó gritó respondió contestó exclamó murmuró susurró replicó añadió repitió insistió pensó balbuceó ' +
    'suspiró gimió gruñó continuó interrumpió ordenó suplicó observó comentó rugió sollozó chilló protestó inquirió ' +
    'prosiguió decía gritaba preguntaba repuso indicó',
  vi:
    'nói hỏi đáp kêu la hét quát gào rên gọi bảo thưa thầm lẩm nghĩ reo mắng nhắc khóc cười gắt rít than thốt hô ' +
    'gầm cãi nạt van xin',
  it:
    'disse chiese domandò gridò rispose esclamò mormorò sussurrò replicò aggiunse ripeté ripetè insistette pensò balbettò ' +
    'sospirò gemette continuò interruppe ordinò urlò fece strillò singhiozzò protestò osservò diceva gridava',
  pt:
    'disse perguntou gritou respondeu exclamou murmurou sussurrou replicou acrescentou repetiu insistiu pensou balbuciou ' +
    'suspirou gemeu continuou interrompeu ordenou berrou retrucou indagou observou protestou dizia gritava',
  nl:
    'zei vroeg riep antwoordde fluisterde mompelde schreeuwde brulde dacht stamelde zuchtte lachte herhaalde zeiden ' +
    'gromde siste hijgde snikte merkte begon zegt vraagt',
  ru:
    'сказал сказала спросил спросила крикнул крикнула закричал закричала ответил ответила воскликнул воскликнула ' +
    'прошептал прошептала шепнул шепнула пробормотал пробормотала подумал подумала повторил повторила добавил добавила ' +
    'проговорил проговорила произнёс произнес произнесла заметил заметила возразил возразила вскричал вскричала говорил ' +
    'говорила продолжал продолжала вздохнул вздохнула буркнул буркнула сказали спросили закричали ответили',
  ko:
    '물었다 말했다 외쳤다 대답했다 속삭였다 소리쳤다 중얼거렸다 되물었다 덧붙였다 소리질렀다 물어보았다 물어봤다 말하였다 ' +
    '부르짖었다 울부짖었다 투덜거렸다 했다',
}
const verbs = new Map(
  Object.entries(verbLists).map(([code, words]) => [code, new Set(words.split(' '))] as const),
)

const noVerbs: ReadonlySet<string> = new Set()

/** The verbs of speech of a language, by its primary subtag, in the forms used in narration. */
export function speechVerbs(code: string): ReadonlySet<string> {
  return verbs.get(code) ?? noVerbs
}

/** Verbs that introduce speech only at the end of a clause, or with an adverb: "Anna began.", "he went on". */
const doubtful = new Set(
  'began begins begin continued went laughed thought thinks told repeated ended finished called calls added returned put gave'.split(
    ' ',
  ),
)

/** Words that begin a sentence of their own, whatever its verb. */
const joining = new Set(
  'and but so or then when as und aber oder denn et mais puis alors y pero entonces e ma poi mas и а но но và nhưng rồi thì'.split(
    ' ',
  ),
)

/** Maximum words before the verb: "The old man with the scar asked". */
const maxWords = 5
/** Maximum characters examined: an unbounded search in long text without a verb would be slow. */
const reach = 80

/**
 * Whether a speech tag begins at `at`, directly after closed direct speech: "Anna asked", "老太太问". Text that begins in
 * lower case continues its sentence anyway; this covers names, "I said", and scripts without capitals.
 */
export function isSpeechTag(text: string, at: number, end: number, language: LanguageRules): boolean {
  const { code } = language
  const stop = Math.min(end, at + reach)
  if (code === 'zh' || code === 'ja') {
    const clause = text.slice(at, stop)
    const found = (code === 'zh' ? chineseTag : japaneseTag).exec(clause)
    return found !== null && !/^(?:[：:]|，[“「『])/.test(clause.slice(found[0].length))
  }
  const known = verbs.get(code)
  return known !== undefined && hasVerbSoon(text, at, stop, known)
}

/** Up to twelve characters that end with a verb of speech, followed by the end of the clause or an action. */
const chineseTag =
  /^\p{Script=Han}{0,11}?(?:[说說説问問答喊叫嚷骂罵吼叹嘆哭笑喝斥嘟哝]|(?<![知味街难難地])道|嘀咕|开口|開口|自语|自語|回应|回應)(?:了|完|起来|起來)?(?:[一几幾两兩]?[句声聲遍])?(?=[。！？…，：,.!?]|[着著])/u
const japaneseTag =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}ー]{1,14}(?:言った|聞いた|訊いた|尋ねた|叫んだ|答えた|囁いた|ささやいた|呟いた|つぶやいた|言う|問うた|怒鳴った|続けた)(?=[。、！？])/u

/**
 * Whether a verb is among the first words, preceded by names, or by a subject that begins with an article or pronoun.
 */
function hasVerbSoon(text: string, at: number, stop: number, known: ReadonlySet<string>): boolean {
  let from = at
  for (let count = 0; count <= maxWords && from < stop; count++) {
    let to = from
    while (to < stop && (traitsAt(text, to) & letter || /[\p{M}'’-]/u.test(text[to]!))) to++
    if (to === from) return false
    const word = text.slice(from, to)
    const low = word.toLowerCase()
    if (count === 0 && joining.has(low)) return false
    // A capitalized word after the first is a name, not a verb.
    if ((count === 0 || (traitsAt(text, from) & upper) === 0) && known.has(low)) {
      if (count === 0 && traitsAt(text, from) & upper) return false
      return (
        !doubtful.has(low) ||
        /^(?:[.,;:!?—]|\s(?:on|out|back|up|down|from|after|across|through|\p{Ll}+ly)(?!\p{L}))/u.test(
          text.slice(to, to + 24),
        )
      )
    }
    from = to
    // Only the period of "Mr." and of initials may separate the words.
    if (text[from] === '.' && to - at <= 24 && /^\p{Lu}\p{L}{0,4}$/u.test(word)) from++
    if ((traitsAt(text, from) & space) === 0) return false
    while (from < stop && traitsAt(text, from) & space) from++
  }
  return false
}
