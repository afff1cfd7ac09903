/** A capital at the start of a block, perhaps behind a quotation mark. */
const initialLetter = /^[“”"‘’'«»„‚(¿¡—–-]{0,2}\p{Lu}\p{M}*$/u
/** Capitals that are words by themselves, in the languages that have such. */
const singleLetterWords = /[AIOEYUÀÈÉÓÒÚВИКОСУЯАЖБЎІЕÁ]\p{M}*$/u

/** Whether a block that begins like this has begun with an initial set apart. */
export function isInitial(text: string): boolean {
  return initialLetter.test(text)
}

/**
 * Whether `raw` is the rest of the initial's word although white space stands between (`H` and ` e ran`). A capital that
 * is a word by itself stays one: `A` and ` storm`.
 */
export function continuesInitial(text: string, raw: string): boolean {
  return !singleLetterWords.test(text) && /^\s+\p{Ll}/u.test(raw)
}

/** A heading's element that begins right behind another without a space: another line of it, `Chapter Two` and `The Short Road`. */
export function beginsLine(before: string, text: string): boolean {
  if (!/^[\p{Lu}\p{N}“"‘«]/u.test(text) || before.length < 2) return false
  return /[\p{Ll}\p{N}.:!?]$/u.test(before) || (/\s/.test(before) && /[\p{L}\p{N}]{2}$/u.test(before))
}

/** Words that only say that there is a picture. */
const genericAltText =
  /^(?:(?:chapter|section|part|book)?\s*(?:title|heading|header)?\s*(?:image|img|picture|graphic|illustration|ornament|decoration|logo|photo|page|cover)?s?(?:\s*\d+)?|.*\.(?:png|jpe?g|gif|svg|webp)|unknown|untitled)$/i

/** Whether a picture's alternative text says what a heading would. */
export function namesChapter(alt: string): boolean {
  return /[\p{L}\p{N}]/u.test(alt) && (!genericAltText.test(alt) || /^chapter\s*\d+$/i.test(alt))
}
