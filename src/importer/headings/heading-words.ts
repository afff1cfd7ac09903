/**
 * Heading words by language. To support another language, add a line here; a word is recognized in either case, before
 * its number (`Rozdział 3`) and after it (`3. fejezet`, `Erstes Kapitel`).
 */
interface HeadingWords {
  readonly chapter: string
  /** Divisions that contain chapters. */
  readonly part?: string
  /** Prologues, epilogues and similar, which have no number. */
  readonly special?: string
}

const headingWords: Readonly<Record<string, HeadingWords>> = {
  en: {
    chapter: 'chapter|chap|chapt|letter|canto|stave|episode',
    part: 'book|part|volume|vol|section|act',
    special:
      "prologue|epilogue|preface|foreword|introduction|introductory|afterword|postscript|interlude|conclusion|author[’']s note|appendix|intermezzo|prelude|coda",
  },
  fr: {
    chapter: 'chapitre|lettre|chant',
    part: 'livre|partie|tome|acte',
    special: 'épilogue|préface|avant-propos|postface',
  },
  de: {
    chapter: 'kapitel|brief|gesang',
    part: 'buch|teil|theil|band|akt',
    special: 'prolog|epilog|vorwort|nachwort|einleitung|vorspiel|nachspiel|zwischenspiel',
  },
  es: {
    chapter: 'capítulo|capitulo|cap|carta',
    part: 'libro|parte|tomo|acto',
    special: 'prólogo|epílogo|prefacio|introducción|interludio',
  },
  it: {
    chapter: 'capitolo|lettera',
    part: 'libro|parte|tomo|atto',
    special: 'prologo|epilogo|prefazione|introduzione',
  },
  pt: { chapter: 'capítulo|capitulo|carta', part: 'livro|parte|tomo|ato', special: 'prefácio|introdução' },
  ca: { chapter: 'capítol|carta', part: 'llibre|part|volum', special: 'pròleg|epíleg|prefaci|introducció' },
  gl: { chapter: 'capítulo', part: 'libro|parte' },
  ro: {
    chapter: 'capitolul|capitol',
    part: 'partea|cartea|volumul',
    special: 'prolog|epilog|prefață|postfață',
  },
  nl: {
    chapter: 'hoofdstuk',
    part: 'deel|boek|boekdeel',
    special: 'proloog|epiloog|voorwoord|nawoord|inleiding',
  },
  af: { chapter: 'hoofstuk', part: 'deel|boek' },
  sv: {
    chapter: 'kapitel|kapitlet',
    part: 'del|delen|bok|boken',
    special: 'prolog|epilog|förord|efterord|inledning',
  },
  da: { chapter: 'kapitel', part: 'del|bog|bind', special: 'prolog|epilog|forord|efterord|indledning' },
  nb: {
    chapter: 'kapittel|kapitlet',
    part: 'del|bok|bind',
    special: 'prolog|epilog|forord|etterord|innledning',
  },
  is: { chapter: 'kafli|kapítuli', part: 'hluti|bók', special: 'formáli|eftirmáli' },
  fi: {
    chapter: 'luku',
    part: 'osa|kirja',
    special: 'prologi|epilogi|esipuhe|jälkisanat|johdanto|alkusanat',
  },
  et: { chapter: 'peatükk', part: 'osa|raamat', special: 'proloog|epiloog|eessõna|järelsõna' },
  lv: { chapter: 'nodaļa', part: 'daļa|grāmata', special: 'prologs|epilogs|priekšvārds' },
  lt: { chapter: 'skyrius', part: 'dalis|knyga', special: 'prologas|epilogas|pratarmė' },
  pl: {
    chapter: 'rozdział|rozdzial|list|pieśń',
    part: 'część|księga|tom',
    special: 'prolog|epilog|przedmowa|wstęp|posłowie|zakończenie',
  },
  cs: {
    chapter: 'kapitola|hlava|dopis',
    part: 'část|kniha|díl|svazek',
    special: 'prolog|epilog|předmluva|doslov|úvod|závěr|předehra|dohra',
  },
  sk: {
    chapter: 'kapitola|hlava',
    part: 'časť|kniha|diel|zväzok',
    special: 'prológ|epilóg|predslov|doslov|úvod|záver',
  },
  hu: {
    chapter: 'fejezet|levél|ének',
    part: 'rész|könyv|kötet',
    special: 'prológus|epilógus|előszó|utószó|bevezetés|előhang|utóhang',
  },
  sl: {
    chapter: 'poglavje',
    part: 'del|knjiga|zvezek',
    special: 'prolog|epilog|predgovor|uvod|spremna beseda',
  },
  hr: {
    chapter: 'poglavlje|glava|поглавље|глава',
    part: 'dio|deo|knjiga|svezak|део|књига',
    special: 'prolog|epilog|predgovor|pogovor|uvod|пролог|епилог|предговор|поговор|увод',
  },
  mk: { chapter: 'поглавје|глава', part: 'дел|книга', special: 'пролог|епилог|предговор' },
  bg: { chapter: 'глава', part: 'част|книга|том', special: 'пролог|епилог|предговор|послеслов|въведение' },
  ru: {
    chapter: 'глава|письмо|песнь',
    part: 'книга|часть|том|действие',
    special: 'пролог|эпилог|предисловие|послесловие|введение|вступление|заключение|от автора',
  },
  uk: {
    chapter: 'розділ|глава|лист',
    part: 'частина|книга|том',
    special: 'пролог|епілог|передмова|післямова|вступ',
  },
  be: { chapter: 'раздзел|глава', part: 'частка|кніга|том', special: 'пралог|эпілог|прадмова' },
  el: {
    chapter: 'κεφάλαιο|κεφαλαιο|κεφάλαιον',
    part: 'μέρος|μερος|βιβλίο|βιβλιο|τόμος|τομος',
    special: 'πρόλογος|επίλογος|εισαγωγή',
  },
  tr: { chapter: 'bölüm|bolum|fasıl', part: 'kısım|kitap|cilt', special: 'önsöz|sonsöz|giriş|prolog|epilog' },
  az: { chapter: 'fəsil', part: 'hissə|kitab|cild', special: 'proloq|epiloq|ön söz|son söz' },
  sq: { chapter: 'kapitulli|kreu', part: 'pjesa|libri|vëllimi', special: 'prologu|epilogu|parathënie' },
  eu: { chapter: 'kapitulua|atala', part: 'zatia|liburua', special: 'hitzaurrea|epilogoa' },
  cy: { chapter: 'pennod', part: 'rhan|llyfr', special: 'rhagair|rhagymadrodd' },
  ga: { chapter: 'caibidil', part: 'cuid|leabhar', special: 'réamhrá|iarfhocal' },
  eo: { chapter: 'ĉapitro', part: 'parto|libro|volumo', special: 'prologo|epilogo|antaŭparolo' },
  la: {
    chapter: 'caput|capitulum|epistula',
    part: 'liber|pars|tomus',
    special: 'prologus|epilogus|praefatio',
  },
  id: {
    chapter: 'bab',
    part: 'bagian|buku|jilid',
    special: 'prolog|epilog|kata pengantar|pendahuluan|penutup',
  },
  sw: { chapter: 'sura', part: 'sehemu|kitabu', special: 'utangulizi|dibaji' },
  tl: { chapter: 'kabanata', part: 'bahagi|aklat', special: 'prologo|epilogo|paunang salita' },
  vi: {
    chapter: 'chương|hồi',
    part: 'quyển|phần|tập|thiên',
    special:
      'mở đầu|lời mở đầu|lời nói đầu|lời tựa|lời bạt|lời dẫn|vĩ thanh|ngoại truyện|phiên ngoại|đoạn kết|tiết tử|hậu ký',
  },
  he: { chapter: 'פרק', part: 'חלק|ספר|כרך', special: 'פתח דבר|הקדמה|מבוא|אפילוג|פרולוג|אחרית דבר' },
  ar: {
    chapter: 'الفصل|فصل|الباب|باب',
    part: 'الجزء|جزء|الكتاب|القسم|المجلد',
    special: 'مقدمة|المقدمة|تمهيد|خاتمة|الخاتمة',
  },
  fa: { chapter: 'فصل|باب', part: 'بخش|کتاب|جلد|دفتر', special: 'مقدمه|پیشگفتار|دیباچه|پس‌گفتار' },
  ur: { chapter: 'باب', part: 'حصہ|جلد|کتاب', special: 'مقدمہ|دیباچہ|پیش لفظ' },
  hi: { chapter: 'अध्याय|परिच्छेद|प्रकरण', part: 'भाग|खंड|खण्ड|पुस्तक', special: 'प्रस्तावना|भूमिका|उपसंहार|प्राक्कथन' },
  mr: { chapter: 'अध्याय|प्रकरण', part: 'भाग|खंड' },
  ne: { chapter: 'अध्याय|परिच्छेद', part: 'भाग|खण्ड' },
  bn: { chapter: 'অধ্যায়|পরিচ্ছেদ', part: 'খণ্ড|ভাগ|পর্ব', special: 'ভূমিকা|উপসংহার|মুখবন্ধ' },
  pa: { chapter: 'ਅਧਿਆਇ', part: 'ਭਾਗ' },
  gu: { chapter: 'પ્રકરણ|અધ્યાય', part: 'ભાગ|ખંડ' },
  ta: { chapter: 'அத்தியாயம்', part: 'பாகம்|பகுதி', special: 'முன்னுரை|முடிவுரை' },
  te: { chapter: 'అధ్యాయం|ప్రకరణం', part: 'భాగం' },
  kn: { chapter: 'ಅಧ್ಯಾಯ', part: 'ಭಾಗ' },
  ml: { chapter: 'അധ്യായം|അദ്ധ്യായം', part: 'ഭാഗം' },
  th: { chapter: 'บทที่|บท|ตอนที่', part: 'ภาคที่|ภาค|เล่มที่|เล่ม', special: 'บทนำ|บทส่งท้าย|คำนำ|อารัมภบท|ปัจฉิมบท' },
  my: { chapter: 'အခန်း', part: 'အပိုင်း' },
  km: { chapter: 'ជំពូក', part: 'ភាគ' },
  lo: { chapter: 'ບົດທີ|ບົດ', part: 'ພາກ' },
  ka: { chapter: 'თავი', part: 'ნაწილი|წიგნი', special: 'პროლოგი|ეპილოგი|წინასიტყვაობა' },
  hy: { chapter: 'գլուխ', part: 'մաս|գիրք', special: 'նախաբան|վերջաբան' },
  kk: { chapter: 'тарау', part: 'бөлім|кітап' },
  am: { chapter: 'ምዕራፍ', part: 'ክፍል' },
}

/**
 * Heading words that are everyday words in other languages (Spanish “del”, English “list”): valid only with digits or a
 * Roman numeral after them.
 */
const everydayWords = new Set(['del', 'list', 'лист'])

export const chapterWords = wordPattern('chapter')
export const partWords = wordPattern('part')
export const specialWords = new RegExp(`^(?:${joined('special')})(?![\\p{L}\\p{M}])`, 'iu')

/** Whether this word makes a heading only with digits or a Roman numeral after it. */
export function isEverydayWord(word: string): boolean {
  return everydayWords.has(word.toLowerCase())
}

/** The heading word of a line that consists only of it; its number is on the next line. */
export function readHeadingWord(line: string): string | undefined {
  if (line.length > 20 || /^\p{Ll}/u.test(line)) return undefined
  const word = chapterWords.exec(line)?.[0] ?? partWords.exec(line)?.[0]
  return word?.length === line.length && !isEverydayWord(word) ? word : undefined
}

function joined(key: keyof HeadingWords): string {
  const words = new Set(Object.values(headingWords).flatMap((entry) => entry[key]?.split('|') ?? []))
  // Longest first: บทที่ before บท.
  return [...words].toSorted((a, b) => b.length - a.length).join('|')
}

/**
 * A letter or mark directly after makes it another word, except in Thai and related scripts, which write the number
 * word there.
 */
function wordPattern(key: keyof HeadingWords): RegExp {
  return new RegExp(`^(?:${joined(key)})(?:(?![\\p{L}\\p{M}])|(?<=[\\u0e00-\\u0eff])(?!\\p{M}))\\.?`, 'iu')
}
