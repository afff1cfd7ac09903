const digits = 'không một hai ba bốn năm sáu bảy tám chín'.split(' ')
const scales = ['', ' nghìn', ' triệu', ' tỷ']

/** A whole number below 10¹² in words: 15 "mười lăm", 21 "hai mươi mốt", 105 "một trăm linh năm". */
export function vietnameseCardinal(value: number): string {
  if (value === 0) return 'không'
  const said: string[] = []
  for (let place = scales.length - 1; place >= 0; place--) {
    const group = Math.floor(value / 1000 ** place) % 1000
    if (group === 0) continue
    said.push(sayGroup(group, said.length > 0) + scales[place])
  }
  return said.join(' ')
}

/** `full`: after a higher group the hundreds are said even where they are none, "không trăm linh năm". */
function sayGroup(group: number, full: boolean): string {
  const [hundreds, ten, unit] = [Math.floor(group / 100), Math.floor(group / 10) % 10, group % 10]
  const said: string[] = []
  if (hundreds > 0 || full) said.push(`${digits[hundreds]} trăm`)
  if (ten === 0 && unit > 0 && said.length > 0) said.push('linh')
  if (ten === 1) said.push('mười')
  if (ten > 1) said.push(`${digits[ten]} mươi`)
  if (unit > 0) {
    if (unit === 1 && ten > 1) said.push('mốt')
    else if (unit === 5 && ten > 0) said.push('lăm')
    else said.push(digits[unit] ?? '')
  }
  return said.join(' ')
}

/** Figures as they are written: "1.200.000", "5,67"; rows that begin with 0 or are very long one by one. */
export function vietnameseNumber(written: string): string {
  const [whole = '', part] = written.replaceAll('.', '').split(',')
  const said = /^0\d/.test(whole) || whole.length > 12 ? byDigit(whole) : vietnameseCardinal(Number(whole))
  return part === undefined ? said : `${said} phẩy ${byDigit(part)}`
}

export function byDigit(figures: string): string {
  return Array.from(figures, (figure) => digits[Number(figure)] ?? '').join(' ')
}
