/** Text as it is searched: without accents, case and more than single spaces, so that `chuong` finds `Chương`. */
export function foldText(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[đĐ]/g, 'd')
    .toLowerCase()
    .replaceAll(/[^\S\n]+/g, ' ')
    .trim()
}
