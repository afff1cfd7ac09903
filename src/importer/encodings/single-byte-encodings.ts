/** Characters 0x80–0xFF of the DOS code pages that are not in the Encoding Standard. */
export const dosTables: Readonly<Record<string, string>> = {
  ibm437:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  ibm850:
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑªº¿®¬½¼¡«»░▒▓│┤ÁÂÀ©╣║╗╝¢¥┐└┴┬├─┼ãÃ╚╔╩╦╠═╬¤ðÐÊËÈıÍÎÏ┘┌█▄¦Ì▀ÓßÔÒõÕµþÞÚÛÙýÝ¯´\u00ad±‗¾¶§÷¸°¨·¹³²■\u00a0',
  ibm852:
    'ÇüéâäůćçłëŐőîŹÄĆÉĹĺôöĽľŚśÖÜŤťŁ×čáíóúĄąŽžĘę¬źČş«»░▒▓│┤ÁÂĚŞ╣║╗╝Żż┐└┴┬├─┼Ăă╚╔╩╦╠═╬¤đĐĎËďŇÍÎě┘┌█▄ŢŮ▀ÓßÔŃńňŠšŔÚŕŰýÝţ´\u00ad˝˛ˇ˘§÷¸°¨˙űŘř■\u00a0',
}

/**
 * Frequency profile of a language: its non-ASCII letters, most frequent first, and its most frequent words in plain
 * ASCII, which identify the language independently of the encoding.
 */
interface Profile {
  readonly letters: string
  readonly words: string
  readonly encodings: readonly string[]
}

const western = ['windows-1252', 'macintosh', 'ibm850', 'ibm437']
const central = ['windows-1250', 'iso-8859-2', 'ibm852']
const cyrillic = ['windows-1251', 'koi8-r', 'ibm866', 'iso-8859-5', 'x-mac-cyrillic']

const profiles: Readonly<Record<string, Profile>> = {
  en: {
    letters: 'éèêïöüàçôæœ',
    words: 'the and of to was that with his her had for not',
    encodings: western,
  },
  fr: {
    letters: 'éèàêçôîûâùïëœæ',
    words: 'le la les des et dans une est que qui pour pas',
    encodings: western,
  },
  de: { letters: 'üäöß', words: 'der die das und nicht ich ist mit sich ein eine den', encodings: western },
  es: { letters: 'óáéíñúü', words: 'el la los las que de en una por con no se su', encodings: western },
  pt: { letters: 'ãéçáêíóõúàâô', words: 'que de uma em com para do da se por era mais', encodings: western },
  it: { letters: 'èàùòìé', words: 'il di che la non una per era con si lo gli', encodings: western },
  sv: { letters: 'äåöé', words: 'och att det som en av den inte jag med han hon', encodings: western },
  da: { letters: 'åøæé', words: 'og at det som en er af for den ikke jeg med', encodings: western },
  fi: { letters: 'äö', words: 'ja on ei se oli mutta kun niin kuin olla nyt', encodings: western },
  is: { letters: 'áðíþóéúýæö', words: 'og var hann sem ekki hans en til hun er', encodings: western },
  cs: { letters: 'íáéěřčžšýůúóťňď', words: 'na se je to jsem ale jak do co si by', encodings: central },
  sk: { letters: 'áíéýžčšúľťôňóäďŕĺ', words: 'sa na je to ako ale do si by som len', encodings: central },
  pl: { letters: 'ąęłóśżćńź', words: 'nie na do to jest jak ale po co tak za od', encodings: central },
  hu: { letters: 'áéöóőíüúű', words: 'hogy nem egy is volt de ez azt meg csak mint ha', encodings: central },
  ro: {
    letters: 'ăîţşâșț',
    words: 'de la cu nu este pe un din se care mai sau',
    encodings: [...central, 'iso-8859-16'],
  },
  hr: { letters: 'čšžćđ', words: 'je da se na su ne kao ali bi od za iz', encodings: central },
  tr: { letters: 'ışüöçğİâ', words: 've bir bu da de ne gibi daha ama onu ben', encodings: ['windows-1254'] },
  et: {
    letters: 'äõüöšž',
    words: 'ja on ei ta oli et kui ka see aga nii',
    encodings: ['windows-1257', 'windows-1252'],
  },
  lv: { letters: 'āīšēūņļžģķč', words: 'un ir ka no ar par bet kas tas uz', encodings: ['windows-1257'] },
  lt: { letters: 'ėšžųūįąčę', words: 'ir kad tai kaip su bet jis buvo ne jo', encodings: ['windows-1257'] },
  vi: {
    letters: 'àđáôạảưấớờộiếêệọểìủầâăốậựợóữịúãứửồòổíạềùẻãắặẽễởỉơéỏõừằụỗẩẹèĩẫũýẳỡỷỳỹẵỵỵ',
    words: 'trong khi ra cho anh em con hai ba nhau sao',
    encodings: ['windows-1258'],
  },
  ru: { letters: 'оеаинтслврмкдпуяыгбзьйчжхшюцщэфъё', words: '', encodings: cyrillic },
  uk: {
    letters: 'оаинівтерслкмдупязбгьйчхжїшцюєщфґ',
    words: '',
    encodings: ['windows-1251', 'koi8-u', 'iso-8859-5'],
  },
  bg: { letters: 'аоеинтрсвдлкмзпягъубчщжйцхшюфь', words: '', encodings: ['windows-1251', 'iso-8859-5'] },
  el: {
    letters: 'αοιτενσςρκπμλυίάγέόδήύθώφχβξζψϊϋ',
    words: '',
    encodings: ['windows-1253', 'iso-8859-7'],
  },
  he: { letters: 'יוהלאמרתבשנעםדחקפכגטסזןצךףץ', words: '', encodings: ['windows-1255', 'iso-8859-8'] },
  ar: {
    letters: 'اليمنوهرتبعدكسفقحةجشأىطصخذضغزثظءئإؤآ',
    words: '',
    encodings: ['windows-1256', 'iso-8859-6'],
  },
  th: { letters: 'านรกอเ่งมยลวด้ทสตะปบคหแจพ็ชใไขโผซศณธถภึืฉฟฝูุีิัํ์', words: '', encodings: ['windows-874'] },
}

const punctuation = new Set('“”‘’‚„«»‹›—–…•·§°©®™£€¿¡\u00a0№´΄·')
const shares = { punctuation: 0.15, stray: 1e-4, inside: 1e-6 }
/**
 * Threshold: text of the language itself scores about 0; another language, or another encoding of the same, far below.
 */
const minLikelihood = -1.3
/** Bytes examined. */
const sampleBytes = 24 * 1024

/** The single-byte encoding in which these bytes read as a language; `undefined` if none. */
export function singleByteEncoding(bytes: Uint8Array): string | undefined {
  const sample = bytes.subarray(0, sampleBytes)
  const ascii = new TextDecoder('windows-1252').decode(sample)
  const words = new Map<string, number>()
  let wordCount = 0
  for (const word of ascii.toLowerCase().match(/[a-z\u0080-\u00ff]+/g) ?? []) {
    wordCount += 1
    words.set(word, (words.get(word) ?? 0) + 1)
  }
  const decoded = new Map<string, string>()
  let best: { encoding: string; score: number } | undefined
  for (const profile of Object.values(profiles)) {
    const hits = profile.words.split(' ').reduce((sum, word) => sum + (words.get(word) ?? 0), 0)
    const bonus = wordCount === 0 ? 0 : (4 * hits) / wordCount
    for (const encoding of profile.encodings) {
      let text = decoded.get(encoding)
      if (text === undefined)
        decoded.set(encoding, (text = decodeSingleByte(sample, encoding).normalize('NFC')))
      const score = likelihood(text, profile.letters)
      if (score === undefined || score < minLikelihood) continue
      if (best === undefined || score + bonus > best.score + 1e-9) best = { encoding, score: score + bonus }
    }
  }
  return best?.encoding
}

/** Decodes bytes in an encoding known to `TextDecoder` or to the DOS tables. */
export function decodeSingleByte(bytes: Uint8Array, encoding: string): string {
  const table = dosTables[encoding]
  if (table === undefined) return new TextDecoder(encoding).decode(bytes)
  const chunks: string[] = []
  for (let start = 0; start < bytes.length; start += 8192) {
    const codes = Array.from(bytes.subarray(start, start + 8192), (byte) =>
      byte < 0x80 ? byte : table.charCodeAt(byte - 0x80),
    )
    chunks.push(String.fromCharCode(...codes))
  }
  return chunks.join('')
}

/** Mean log frequency of the non-ASCII characters in a language, normalized to 0 for the language itself. */
function likelihood(text: string, letters: string): number | undefined {
  const shareOf = new Map<string, number>()
  let total = 0
  const unique = [...new Set(letters)]
  unique.forEach((_, rank) => (total += 1 / (rank + 2)))
  let own = 0
  unique.forEach((letter, rank) => {
    const share = (1 - shares.punctuation) / (rank + 2) / total
    shareOf.set(letter, share)
    own += (share / (1 - shares.punctuation)) * Math.log(share)
  })
  let sum = 0
  let count = 0
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at)
    if (char < '\u0080') continue
    count += 1
    const lower = char.toLowerCase()
    const share = shareOf.get(lower) ?? shareOf.get(char)
    const [before, after] = [text.charAt(at - 1), text.charAt(at + 1)]
    const within = isLetter(before) && isLetter(after)
    // A Greek or Cyrillic letter inside a Latin word.
    if (char >= '\u0370' && char < '\u1e00' && (isAsciiLetter(before) || isAsciiLetter(after))) {
      sum += Math.log(shares.inside)
      continue
    }
    if (share !== undefined) {
      // An upper-case letter after a lower-case one occurs only where a wrong encoding swapped the case.
      const turned = lower !== char && isLetter(before) && before === before.toLowerCase()
      sum += Math.log(turned ? share * 0.02 : share)
    } else if (punctuation.has(char))
      sum += Math.log(within && char !== '’' ? shares.inside : shares.punctuation)
    else sum += Math.log(within && !isLetter(char) ? shares.inside : shares.stray)
  }
  if (count === 0) return undefined
  return sum / count - own
}

function isAsciiLetter(char: string): boolean {
  return (char >= 'a' && char <= 'z') || (char >= 'A' && char <= 'Z')
}

function isLetter(char: string): boolean {
  return char !== '' && char.toLowerCase() !== char.toUpperCase()
}
