/** A title page is short lines; what is longer was written to be read. */
const longestLine = 160
const longestTitle = 80

const sentence = /[.!?…。！？][\s"“”'‘’«»」』）)\]_*]*$/
/** Words of title pages whose lines end as sentences do: who made it, where and when it came out, for whom. */
const titlePageWords =
  /^\W*(?:by|von|par|di|por|de|của|tác giả|автор|translated|edited|illustrated|with (?:an )?(?:introduction|illustrations|a preface)|copyright|©|\(c\)|all rights|printed|published|first published|reprinted|london|new york|boston|paris|leipzig|berlin|madrid|москва|hà nội|dedicated|to my|to the memory|for my|à m|für mein|a mi|author of|isbn|version|edition|second edition|third edition|a novel|a romance|a tale|роман|roman|tiểu thuyết|献给|谨以|作者|译者|出版|文\/|著|版权)(?![\p{L}\p{M}])|\b(?:1[5-9]|20)\d\d\W*$|\b(?:edition|press|company|co|ltd|publishers?|sons|verlag|éditions?|editorial|editore|издательство|nhà xuất bản|出版社)\b\W*$/iu

/** Whether a line belongs to a title page: a title, a name, a place, a year, but no sentence that tells something. */
export function isTitlePageLine(text: string): boolean {
  const line = text.replaceAll('\n', ' ').trim()
  if (line === '') return true
  if (line.length > longestLine) return false
  if (titlePageWords.test(line) || isCapitals(line)) return true
  return (
    line.length <= longestTitle &&
    !sentence.test(line) &&
    !/^[-–—“"«„「『‘]/.test(line) &&
    !/[,;，；、]$/.test(line)
  )
}

/** `OEUVRES DE VOLTAIRE.`, `or, THE WHALE.`, `— I —`: lines of capitals, whatever they end with, but no cry. */
function isCapitals(line: string): boolean {
  if (/^\W*[IVXLC\d]{1,6}\W*$/.test(line)) return true
  const capitals = line.match(/\p{Lu}/gu)?.length ?? 0
  if (/^or\b/.test(line) && capitals > (line.match(/\p{Ll}/gu)?.length ?? 0)) return true
  return (
    /^[\p{Lu}\p{N}*_]/u.test(line) &&
    line === line.toUpperCase() &&
    /\p{Lu}{2}/u.test(line) &&
    !/[!?]/.test(line)
  )
}

/** Whether a line could be a title by itself: short, begun with a capital, without the end of a sentence. */
export function looksLikeTitle(text: string): boolean {
  const line = text.trim()
  return (
    line.length > 0 &&
    line.length <= longestTitle &&
    !/[.!?…。！？,，;；:：]["”’»」』]*$/.test(
      line.replace(/^(\p{Lu}[^.]*)\.$/u, (whole, inner: string) =>
        inner === inner.toUpperCase() ? inner : whole,
      ),
    ) &&
    !/[.!?。！？]\s*\S/.test(line.replaceAll(/\b(?:Mr|Mrs|Ms|Dr|St|Mme|\p{Lu})\./gu, '')) &&
    /^[\p{Lu}\p{Lo}\p{N}《【]/u.test(line)
  )
}
