/**
 * Whether a part of a book is narrated. The story, and what its author wrote around it (preface, introduction,
 * epigraph, afterword), is `story`; what belongs to the printed book (title page, imprint, contents, notes, index) or
 * was added by others (translator's preface, about the author) is `apparatus`, which is spoken only on request.
 */
export type MatterRole = 'story' | 'apparatus'

const apparatusTypes = new Set(
  `cover titlepage title-page halftitlepage halftitle imprint imprimatur copyright-page copyright colophon toc landmarks
  loi lot loa lov page-list index index-headnotes endnotes footnotes rearnotes notes bibliography glossary
  acknowledgments acknowledgements contributors other-credits credit credits dedication errata revision-history seriespage
  dramatis-personae keywords ack abstract`.split(/\s+/),
)
const storyTypes = new Set(
  `chapter subchapter prologue epilogue preface foreword introduction preamble afterword conclusion epigraph`.split(
    /\s+/,
  ),
)
/**
 * Containers hold title pages or notes as well as chapters, so they count only where nothing more specific is declared.
 */
const containerTypes = new Set(['bodymatter', 'part', 'volume', 'division', 'text', 'start'])

/**
 * The role declared by semantic types; the outermost decides: an epigraph on the title page belongs to the title page.
 */
export function roleByTypes(types: readonly string[]): MatterRole | undefined {
  for (const type of types) {
    if (apparatusTypes.has(type)) return 'apparatus'
    if (storyTypes.has(type)) return 'story'
  }
  return types.some((type) => containerTypes.has(type)) ? 'story' : undefined
}

/** Complete titles of apparatus, in nine languages; compared in lower case without punctuation. */
const apparatusTitles = new Set(
  [
    'cover|front cover|back cover|title|title page|titlepage|half title|half title page|halftitle|halftitle page|copyright',
    'copyright page|copyright notice|copyright information|imprint|colophon|uncopyright|contents|table of contents|toc',
    'index|notes|endnotes|end notes|footnotes|references|works cited|bibliography|selected bibliography|glossary|errata',
    'dedication|acknowledgments|acknowledgements|acknowledgment|acknowledgement|about the author|about the authors',
    'about the translator|about the publisher|about this book|about this ebook|also by|by the same author|credits',
    'praise|newsletter|further reading|suggested reading|chronology|list of illustrations|illustrations|list of maps|maps',
    'map|dramatis personae|cast of characters|list of characters|characters|permissions|transcribers note',
    'transcribers notes|publishers note|note on the text|a note on the text|note on the translation',
    'a note on the translation|a note on the type|discussion questions|reading group guide|series page|family tree',
    'original transcribers notes|内容简介|作品简介|小说简介|内容介绍|文案|作品相关|văn án|giới thiệu truyện|etymology|extracts|extracts supplied by a sub sub librarian|advertisement|advertisements|full license|project gutenberg license|bibliographical note|biographical note',
    'couverture|page de titre|page de copyright|copyright|droits d auteur|mentions légales|achevé d imprimer|table',
    'table des matières|sommaire|bibliographie|glossaire|dédicace|remerciements|du même auteur|l auteur|notes de fin',
    'à propos de l auteur|à propos de cette édition|à propos|quatrième de couverture|crédits|personnages',
    'umschlag|titelseite|titel|titelblatt|schmutztitel|impressum|inhalt|inhaltsverzeichnis|register|anmerkungen|fußnoten',
    'endnoten|literaturverzeichnis|literatur|glossar|widmung|danksagung|dank|über den autor|über die autorin',
    'über das buch|zum autor|zur autorin|weitere bücher|personenverzeichnis|personen|zeittafel|urheberrecht',
    'cubierta|portada|portadilla|página de título|créditos|derechos de autor|índice|contenido|tabla de contenidos|notas',
    'bibliografía|glosario|dedicatoria|agradecimientos|sobre el autor|sobre la autora|acerca del autor|colofón|autor',
    'copertina|frontespizio|indice|sommario|note|bibliografia|glossario|dedica|ringraziamenti|l autore|sull autore',
    'dello stesso autore|diritti d autore|nota sull autore|crediti',
    'capa|folha de rosto|página de rosto|ficha técnica|ficha catalográfica|direitos autorais|sumário|conteúdo',
    'dedicatória|agradecimentos|sobre o autor|sobre a autora',
    'обложка|титульный лист|выходные данные|содержание|оглавление|указатель|примечания|сноски|комментарии',
    'библиография|литература|словарь|глоссарий|посвящение|благодарности|об авторе|от издательства|от издателя',
    'от редакции|аннотация|авторские права|действующие лица',
    'bìa|trang bìa|bìa sách|trang tên sách|bản quyền|mục lục|chú thích|ghi chú|chỉ mục|tài liệu tham khảo|lời cảm ơn',
    'lời cám ơn|lời đề tặng|đề tặng|về tác giả|tác giả|giới thiệu tác giả|thông tin ebook|thông tin sách|chú giải',
    '封面|扉页|扉頁|书名页|版权|版權|版权页|版權頁|版权信息|版权声明|目录|目錄|目次|索引|注释|註釋|注解|尾注|脚注|参考文献',
    '致谢|致謝|献词|獻詞|献辞|题献|关于作者|關於作者|作者简介|作者簡介|作者介绍|内容简介|內容簡介|出版说明|编者按|人物表',
    '表紙|扉|奥付|注|注釈|註|脚注|訳注|訳註|参考文献|謝辞|献辞|著者紹介|著者略歴|著者について|登場人物|底本',
    '표지|속표지|판권|판권지|저작권|차례|목차|색인|찾아보기|주석|각주|미주|주|참고문헌|감사의 말|감사의 글|헌사',
    '지은이 소개|작가 소개|저자 소개|옮긴이 소개|등장인물',
  ]
    .join('|')
    .split('|'),
)

/** Beginnings that mark a title as apparatus whatever follows. */
const apparatusBeginnings =
  /^(?:also by|other books by|books by|other titles|more (?:books )?by|about the (?:author|translator)|praise for|list of illustrations|copyright|du même auteur|weitere bücher|otros libros|altri libri)\b/

/** Words for people other than the author, to whom a preface, introduction or note may belong. */
const byOthers = wholeWords(
  'editor’?s?|translator’?s?|publisher’?s?|transcriber’?s?|éditeurs?|traducteur|traductrice|herausgebers?|übersetzers?',
  'übersetzerin|verlags?|editore?|editora|traductora?|traduttore|traduttrice|tradutora?|переводчика?|редактора?',
  'издателя?|người dịch|dịch giả|nhà xuất bản',
)
const byOthersUnspaced = /译者|譯者|编者|編者|訳者|編集|옮긴이|역자|편집자/
const kindsOfPreface = wholeWords(
  'preface|prefatory note|foreword|introduction|afterword|note|notes|préface|avertissement|avant-propos|postface|vorwort',
  'nachwort|einleitung|vorbemerkung|anmerkung|prólogo|prefacio|prefácio|nota|prefazione|introduzione|premessa',
  'предисловие|послесловие|вступление|lời nói đầu|lời tựa|lời giới thiệu|lời|ghi chú',
)
const kindsOfPrefaceUnspaced = /序|前言|后记|後記|按|あとがき|まえがき|서문|후기|말/

/** Matches whole words; `\b` in JavaScript knows only ASCII letters. */
function wholeWords(...alternatives: readonly string[]): RegExp {
  return new RegExp(`(?<!\\p{L})(?:${alternatives.join('|')})(?!\\p{L})`, 'u')
}

/** The role by a title, given the author's name; `undefined` for chapter titles. */
export function roleByTitle(title: string, author: string): MatterRole | undefined {
  const plain = title
    .toLowerCase()
    .normalize('NFC')
    .replaceAll(/['’]s\b/g, 's')
    .replaceAll(/[^\p{L}\p{N}\p{M}]+/gu, ' ')
    .trim()
  if (apparatusTitles.has(plain) || apparatusBeginnings.test(plain)) return 'apparatus'
  const lower = title.toLowerCase().normalize('NFC').replaceAll("'", '’')
  if (kindsOfPreface.test(lower) && byOthers.test(lower)) return 'apparatus'
  if (kindsOfPrefaceUnspaced.test(lower) && byOthersUnspaced.test(lower)) return 'apparatus'
  const signed = /\b(?:preface|foreword|introduction|afterword)\s+by\s+(.+)$/.exec(lower)?.[1]
  if (signed === undefined) return undefined
  const surname = author
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word.length > 2)
  return surname.some((word) => signed.includes(word)) || signed.includes('author') ? 'story' : 'apparatus'
}
