import type { Gender } from '../novel/cast.ts'
import { speechVerbs } from '../segmenter/speech-tags.ts'

/** What the words beside a quote are, by language, in lower case. */
export interface NarrationWords {
  readonly code: string
  readonly verbs: ReadonlySet<string>
  /** Before a noun: “the old man”. */
  readonly articles: ReadonlySet<string>
  readonly pronouns: ReadonlyMap<string, Gender | 'any' | 'self'>
  /** They end a name or a noun with its adjectives. */
  readonly stops: ReadonlySet<string>
  /** Before a name: “said poor Anna”. */
  readonly adjectives: ReadonlySet<string>
  /** Between a subject and its verb. */
  readonly adverbs: ReadonlySet<string>
  /** Capitalised at a sentence's start, and no name. */
  readonly starters: ReadonlySet<string>
  /** Within a name. */
  readonly particles: ReadonlySet<string>
  /** Before a name, in lower case: “don Quijote”. */
  readonly honorifics: ReadonlySet<string>
  /** Verbs of speech of two words. */
  readonly phrases: ReadonlySet<string>
  /** Verbs that are of speech where the narration goes on with the quote's sentence. */
  readonly tagVerbs: RegExp
  /** What somebody does before a colon who then speaks. */
  readonly gestures: RegExp | undefined
  /** Finite verbs, by their ending: they end a noun with its adjectives. */
  readonly finite: RegExp | undefined
  /** Of whom there is one in a story, whatever adjectives they get. */
  readonly kin: ReadonlySet<string>
}

interface WordLists {
  readonly verbs?: string
  readonly not?: string
  readonly articles: string
  readonly female: string
  readonly male: string
  readonly any?: string
  readonly self: string
  readonly stops: string
  readonly adjectives?: string
  readonly adverbs?: string
  readonly starters?: string
  readonly particles?: string
  readonly honorifics?: string
  readonly phrases?: readonly string[]
  readonly tagVerbs?: RegExp
  readonly gestures?: RegExp
  readonly finite?: RegExp
  readonly kin?: string
}

const lists: Readonly<Record<string, WordLists>> = {
  en: {
    verbs:
      'saying crying asking grumbled wrote consoled announced explained objected assured concluded quoted recited admitted confessed commented drawled guessed implored joked mused noted offered ordered piped reasoned reminded reported rejoined scolded stated teased thundered whined yelped',
    not: 'put went gave told called ended finished laughed returned pressed sang wondered wonders began begin begins thinks',
    articles: 'the',
    female: 'she',
    male: 'he',
    any: 'they it we you',
    self: 'i',
    stops:
      'to with in as and of at who which from when after before by on for but or into upon without while that than then he she they it his her their again aloud once at very rather quite so',
    adjectives: 'poor little old dear young good',
    adverbs: 'then also again at once only just even still now hastily quickly suddenly',
    starters:
      'the a an i he she it we you they this that these those there here his her its my our your their what who whose which when where why how if in on at as by for from with of to after before but and or so yet then now not no yes one some all each every many most was were do did does have has had can could will would perhaps well oh ah having being both such another other nothing everybody everyone nobody somebody someone people',
    particles: 'de of von van du della la le',
    tagVerbs: /^(?:began|continued|went|put|told|returned|laughed|finished|\p{Ll}{3,}ed)$/u,
    gestures: /^(?:turned|smiled|nodded|sighed|shrugged|laughed|bowed)$/u,
  },
  fr: {
    verbs:
      'écria écriai exclama disait répliqua dit demandai écrièrent avoua approuva conclut expliqua annonça suggéra admit gronda grogna plaisanta bougonna cria répondis dis lut',
    not: 'fit lança souffla continua ordonna',
    articles: 'le la les l',
    female: 'elle',
    male: 'il',
    any: 'ils elles on nous vous',
    self: 'je',
    stops:
      'à de du des en et qui que depuis derrière devant chez vers entre contre près avec sans pour dans sur par au aux d tout comme mais puis alors lui leur avant après',
    starters:
      'il elle ils elles on je tu nous vous le la les un une des ce cet cette ces mais et ou donc car puis alors ainsi dans sur sous avec sans pour par quand comme si que qui quoi ne non oui son sa ses mon ma mes notre votre leur leurs tout tous après avant enfin à au aux en y lorsque',
    particles: 'de du la le d von',
    honorifics: 'monsieur madame mademoiselle maître docteur frère père mère oncle tante sœur',
    tagVerbs: /^(?:fit|lança|souffla|continua|ordonna|coupa|\p{Ll}{3,}a)$/u,
    gestures: /^(?:tourna|sourit|hocha|soupira|haussa|retourna|inclina)$/u,
    finite: /(?:[^éoè]a|èrent|aient|ait|(?<!pe|br|espr|nu|l)it|ut|int)$/u,
  },
  de: {
    not: 'gab fuhr wollte begann sprach unterbrach drängte befahl bat warnte',
    articles: 'der die das',
    female: 'sie',
    male: 'er',
    any: 'es wir ihr man',
    self: 'ich',
    stops:
      'zu mit in als und von an auf aus bei nach vor dann da nun aber sich ihm ihr noch schon so wieder zum zur',
    adverbs: 'dann nun nur noch sich leise laut da aber schließlich endlich wieder',
    starters:
      'der die das den dem des ein eine einen einem einer er sie es ich du wir ihr man und aber oder denn doch da dann dort hier nun so wie was wer wo wenn als ob nach vor bei mit ohne von zu zum zur in im an am auf aus über unter für gegen nicht nein ja sein seine seinen ihre ihren mein meine dieser diese dieses jener alle alles auch noch schon nur endlich darauf jetzt beide',
    particles: 'von van zu der',
    tagVerbs:
      /^(?:begann|sprach|unterbrach|befahl|bat|drängte|warnte|schloß|schloss|klagte|mahnte|\p{Ll}{3,}te)$/u,
    gestures: /^(?:wandte|lächelte|nickte|lachte|seufzte)$/u,
    kin: 'vater mutter schwester bruder großvater großmutter onkel tante',
  },
  es: {
    verbs:
      'saludó advirtió afirmó aseguró explicó confesó propuso sentenció musitó farfulló exigió rogó aclaró objetó admitió reconoció concluyó bromeó agregó declaró anunció intervino dije pregunté respondí grité',
    articles: 'el la los las',
    female: 'ella',
    male: 'él',
    any: 'ellos ellas nosotros',
    self: 'yo',
    stops:
      'a de del en y que desde tras hacia entre ante con sin para por al mientras como pero cuando le les se luego entonces',
    starters:
      'el la los las un una él ella ellos yo tú y o pero si no sí en de a con por para que cuando como entonces luego después su sus mi mis este esta ese esa aquel aquella nadie todos',
    particles: 'de del la',
    honorifics: 'don doña señor señora señorita fray sor padre madre tío tía maese',
    tagVerbs: /ó$/u,
    gestures: /^(?:volvió|sonrió|suspiró|rio|rió|inclinó|encogió)$/u,
    finite: /(?:ó|aba|aban|aron|ieron)$/u,
  },
  vi: {
    verbs: 'thét dặn giục khuyên',
    not: 'la kêu gào van xin thầm khóc cười',
    articles:
      'ông bà cô anh chị thằng con lão mụ cụ ngài chàng nàng người tên gã cậu bác chú dì em vị thầy cai quan',
    female: 'cô nàng bà ả mụ',
    male: 'anh hắn ông chàng gã lão cậu thầy',
    any: 'nó họ chúng y',
    self: 'tôi ta mình',
    stops: 'với rồi và mà thì là của cho trong ở khi để ra lên xuống vào',
    adverbs:
      'khẽ liền vội lại mới bèn cũng to nhỏ chỉ vẫn cười khóc đã mỉm cất tiếng lớn gật đầu lắc quay nhẹ nhàng thì thầm buồn bã tức giận ngạc nhiên lạnh lùng',
    starters:
      'và nhưng thì rồi khi nếu vì nên sau trước trong ngoài một hai những các không có tôi nó họ chúng',
    tagVerbs: /^(?:cười|kêu|khóc|gào|xin|la)$/u,
    gestures: /^(?:cười|mỉm|gật|lắc|quay|gắt|khóc)$/u,
    phrases: [
      'kêu lên',
      'la lên',
      'gào lên',
      'thét lên',
      'khóc nói',
      'cười nói',
      'cười đáp',
      'van nài',
      'van xin',
      'năn nỉ',
      'nài nỉ',
      'thì thầm',
      'trả lời',
      'lên tiếng',
      'tiếp lời',
      'nói',
      'xin lỗi',
      'thì thào',
      'ra lệnh',
      'lí nhí',
      'lắp bắp',
      'gắt gỏng',
      'nghiêm giọng',
      'gật đầu',
      'gật gù',
      'lắc đầu',
      'gãi đầu',
    ],
  },
}

const known = new Map<string, NarrationWords>()
const never = /(?!)/u

/** The words of a language; `undefined` for those whose narration is not read: dialogue is found, speakers stay open. */
export function narrationWords(code: string): NarrationWords | undefined {
  const list = lists[code]
  if (list === undefined) return undefined
  const made = known.get(code) ?? makeWords(code, list)
  known.set(code, made)
  return made
}

function makeWords(code: string, list: WordLists): NarrationWords {
  const not = setOf(list.not)
  return {
    code,
    verbs: new Set([...speechVerbs(code), ...setOf(list.verbs)].filter((verb) => !not.has(verb))),
    articles: setOf(list.articles),
    pronouns: new Map([
      ...[...setOf(list.female)].map((word) => [word, 'female'] as const),
      ...[...setOf(list.male)].map((word) => [word, 'male'] as const),
      ...[...setOf(list.any)].map((word) => [word, 'any'] as const),
      ...[...setOf(list.self)].map((word) => [word, 'self'] as const),
    ]),
    stops: setOf(list.stops),
    adjectives: setOf(list.adjectives),
    adverbs: setOf(list.adverbs),
    starters: setOf(list.starters),
    particles: setOf(list.particles),
    honorifics: setOf(list.honorifics),
    phrases: new Set(list.phrases),
    tagVerbs: list.tagVerbs ?? never,
    gestures: list.gestures,
    finite: list.finite,
    kin: setOf(list.kin),
  }
}

function setOf(words = ''): ReadonlySet<string> {
  return new Set(words.split(' ').filter((word) => word !== ''))
}
