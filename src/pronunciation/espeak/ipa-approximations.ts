/**
 * Sounds that stand in where a language has not the one that is meant, nearest first; several sounds in a row are
 * separated by blanks. The last one is in every language.
 */
const lines = `
tʃ: tS;|tɕ|ʈʂ|ts.|t ʃ|c|t s
dʒ: dʑ|tʃ|tɕ|ts.|d ʒ|ɟ|ʝ|d z|t s
ts: t s
dz: ts|d z|t s
tɕ: tʃ|tS;|t ɕ|c|t s
dʑ: dʒ|tɕ|d ʑ|ɟ|t s
ʈʂ: ts.|tʃ|t s
ʈʂʰ: ts.h|tʃ|t s
tɕʰ: tɕh|tʃ|t s
tsʰ: tsh|ts|t s
tʰ: th|t
pʰ: ph|p
kʰ: kh|k
pf: p f|f
t: t̪|th|d
d: d̪|ɗ|t
ɗ: d|t
ɖ: d|t
ʈ: t
ɓ: b|p
b: p
p: b
k: kh|ɡ
ɡ: k
ɢ: ɡ|k
q: k
c: tʃ|k j|k
ɟ: dʒ|j|ɡ|k
ʔ: 
f: p
v: ʋ|w|b|f
ʋ: v|w|b|f
β: b|v|p
ɸ: f|p
θ: s|t̪|t
ð: z|d̪|d|s
s: ʂ|θ|t
z: s
ʃ: ʂ|s.|ɕ|s
ʒ: ʐ|z.|ʑ|ʃ|ɕ|ʂ|s.|z|s
ʂ: s.|ʃ|s
ʐ: z.|r.|ʒ|ɹ|z|s
ɕ: ʃ|ç|s
ʑ: ʒ|ʐ|z|s
ç: ɕ|ʃ|x|χ|h|s
x: χ|h|k
χ: x|h|k
ɣ: ɡ|x|χ|k
ħ: h|x|χ|k
ʕ: 
h: x|χ|
ɦ: h|x|χ|
m: n
n: m
ɱ: m
ŋ: n
ɴ: ŋ|n
ɲ: n j|n
ɳ: n
l: l̪|ɫ|n
ɫ: l|n
ʎ: l j|l
ɭ: l
ɬ: ʃ l|l
ɮ: l
ɹ: r|ɾ|ʁ|ʀ|r.|l
r: ɾ|ɹ|ʁ|ʀ|r.|l
ɾ: r|ɹ|ʁ|ʀ|r.|l
ɻ: ɹ|r.|r|ɾ|l
ɽ: ɾ|r|ɹ|ʁ|l
ʁ: ʀ|r|ɹ|ɾ|r.|x|l
ʀ: ʁ|r|ɹ|ɾ|r.|x|l
j: i
w: u
ʍ: w|u
ɥ: y|w|j|u
ɰ: ɡ|w|
i: iː|ɪ|i.|e
ɪ: i|ᵻ|e
ᵻ: ɪ|i
ɨ: ᵻ|ɪ|y|i.|i
ʉ: y|yː|uː|u
y: yː|ʏ|yu|ʉ|u|uː|i
ʏ: y|ø|œ|u|i
u: uː|ʊ|o
ʊ: u|uː|o
ɯ: ɨ|y|u|uː
e: eː|ɛ|eɪ|ei|i
ɛ: e|eː|æ|ɛː|E|iɛ|a
æ: ɛ|a|aː|ɐ|e
a: aː|ɑ|ɑː|ɐ|æ|ʌ
ɑ: ɑː|a|aː|ɐ|æ
ɐ: a|ʌ|ə|ɑ|aː|æ
ɒ: ɔ|ɑː|ɑ|o|oː|a
ʌ: ɐ|a|ɑ|ə|aː
ə: ɐ|ɘ|əː|e|ɛ|a
ɘ: ə|e|a
ɜ: ɜː|əː|ə|œ|ø|e|a
ɝ: ɜːɹ|ɜː|əː|ə|e|a
ɚ: əɹ|ɐ|ə|əː|ər|e|a
ø: øː|œ|ɵ|ɜː|əː|ə|e
œ: œː|ø|øː|ɜː|əː|ə|ɛ|e
ɵ: ø|ə|o
ɤ: əː|ə|o-|uo|ʊ|o
o: oː|oʊ|ou|ɔ|ɔː|uo|u
ɔ: ɔː|o|oː|ɒ|uo|a
ɞ: œ|ə|e
ɶ: œ|a
ɑ̃: ɐ̃|ɑ ŋ|ɑː n|a ŋ|a n
ɐ̃: ɑ̃|ɐ ŋ|a ŋ|a n
ã: ɐ̃|ɑ̃|a ŋ|a n
ɔ̃: õ|ɔ ŋ|ɔː n|o ŋ|o n
õ: ɔ̃|o ŋ|oʊ n|o n
ɛ̃: ẽ|œ̃|æ n|ɛ ŋ|ɛ n|e ŋ|e n
ẽ: ɛ̃|e ŋ|eɪ n|e n
œ̃: ɛ̃|ẽ|œ n|ɛ ŋ|æ n|ɛ n|e n
ĩ: i ŋ|iː n|i n
ũ: u ŋ|uː n|u n
m̩: ə m|m
n̩: ə n|n
ŋ̩: ə ŋ|n
l̩: əl|ə l|l
r̩: ə r|ə ɹ|ə ɾ|r|ɹ
ɹ̩: i.|i̪|ɚ|ə ɹ|i
aɪ: ai|a j|a i|a ɪ|aː i
aʊ: au|ɑu|a w|a u|a ʊ|aː u
eɪ: ei|e j|e i|e ɪ|eː
oʊ: ou|əʊ|o w|o u|o ʊ|oː|ɔː
əʊ: oʊ|ou|ə u|o u|oː
ɔɪ: oɪ|ɔi|ɔø|ɔʏ|ɔ j|ɔ i|ɔː i|o i
ɔø: ɔɪ|oɪ|ɔi|ɔ j|ɔ i|ɔː i|o i
ɔʏ: ɔø|ɔɪ|oɪ|ɔi|ɔ j|ɔ i|ɔː i|o i
`

/** By symbol: each a list of sounds in a row. */
export const approximations: ReadonlyMap<string, readonly (readonly string[])[]> = new Map(
  lines
    .trim()
    .split('\n')
    .map((line) => {
      const [sound = '', others = ''] = line.normalize('NFD').split(': ')
      return [sound, others.split('|').map((one) => one.split(' ').filter((part) => part !== ''))]
    }),
)
