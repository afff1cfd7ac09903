import { failureMessages } from './failure.ts'
import { failureDetails } from './failure-details.ts'

/**
 * What the server says of itself besides failures: why work waits, why it ended. By code, so that a program can say it in
 * other words.
 */
export const sayings = {
  'speakers.empty': 'No speaker machine is connected. Start one with "nightjar speak".',
  'speakers.starting': 'No speaker is alive; new ones are being started.',
  'speakers.failing': 'No speaker can be started ({reason}); it is tried again and again.',
  'voice.gone':
    'Its voice is not installed any more. Install it again, or ask for the chapters in another voice.',
  'voice.too-large':
    'The voice {voice} cannot be used: {reason}. It may need more memory than there is: lower NIGHTJAR_SPEAKERS, or choose another voice',
  'voice.without-nightjar': 'The voice {voice} cannot be used: {reason}. Install Nightjar again',
  'voice.without-files':
    'The voice {voice} cannot be used: {reason}. Put its files back, or remove it and install it again',
  'generation.set-aside':
    '{setAside} of {total} segments could not be spoken and are set aside. Retry speaks only these.',
  'webhook.slow': 'It did not answer within {seconds} seconds.',
  'webhook.unreached': 'The request failed: {reason}.',
  'webhook.gone': 'It answered 410 (gone), so the webhook was switched off.',
  'webhook.redirects':
    'It answered {status}, a redirect, which is not followed. Enter the address that it leads to.',
  'webhook.refused': 'It answered with status {status}.',
  'webhook.off': 'The webhook was switched off.',
  // Of a speech server: what `SpeechServerError` says after its title, with and without what to do.
  'speech-server.pauses': '{server} asks for a pause ({answer})',
  'speech-server.fails': '{server} has a failure of its own ({answer})',
  'speech-server.slow': '{server} gave no answer within {seconds} s',
  'speech-server.away': '{server} does not answer ({reason})',
  'speech-server.empty': '{server} sends an empty answer instead of sound',
  'speech-server.text': '{server} sends text instead of sound',
  'speech-server.text-said': '{server} sends text instead of sound ({answer})',
  'speech-server.unknown-sound': '{server} sends sound in no format that is known',
  'speech-server.spent':
    '{server} has spoken all that is paid for ({answer}); pay for more there, then try it again.',
  'speech-server.spent-all':
    '{server} has spoken all that is paid for; pay for more there, then try it again.',
  'speech-server.refuses-key': '{server} refuses the key ({answer}); enter the right one.',
  'speech-server.wants-key': '{server} wants a key ({answer}); enter the one that its owner gave you.',
  'speech-server.no-speech': '{server} has no speech at {address} ({answer}); check its address and model.',
  'speech-server.redirects':
    '{server} sends requests on to {where}; its key and text go nowhere but to its own address, so enter the address where it really is.',
  'speech-server.bad-key': '{server} has a key that cannot be sent; enter it again.',
} as const

export type SayingCode = keyof typeof sayings

type Values = Readonly<Record<string, string | number>>

/** A sentence of the table with its values. */
export function say(code: SayingCode, values: Values = {}): string {
  return sayings[code].replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? name))
}

/** A sentence by its code and the values that stand in it. */
export interface Said {
  readonly code: string
  readonly details: Readonly<Record<string, string>>
  /** Of what is tried again by itself: seconds until then; 0: now. */
  readonly retrySeconds?: number
}

interface Rule {
  readonly code: string
  readonly names: readonly string[]
  readonly pattern: RegExp
}

/** Those with the most words of their own first: they say more. */
function rulesOf(sentences: Readonly<Record<string, string>>): readonly Rule[] {
  return Object.entries(sentences)
    .toSorted(([, one], [, other]) => ownWords(other) - ownWords(one))
    .map(([code, sentence]) => ({
      code,
      names: [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name),
      pattern: new RegExp(
        `^${sentence
          .split(/\{\w+\}/)
          .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
          .join('(.+?)')}$`,
        's',
      ),
    }))
}

const sentenceRules = rulesOf({ ...sayings, ...failureMessages })
const detailRules = rulesOf(failureDetails)

function ownWords(sentence: string): number {
  return sentence.replaceAll(/\{\w+\}/g, '').length
}

/** Longer ones are not looked for: a detail may quote what was sent. */
const longestSentence = 1000

const retry = /^(.*); (?:next try in (?:(\d+) min)? ?(?:(\d+) s)?|it is being tried again)$/s

/**
 * Which sentence of the server this is: also one that was stored before it was shown. `undefined`: none of its own, such as
 * what an engine or another program has said.
 */
export function saidIn(sentence: string | null | undefined): Said | undefined {
  if (!sentence || sentence.length > longestSentence) return undefined
  const again = retry.exec(sentence)
  if (again) {
    const said = saidIn(again[1])
    const retrySeconds = Number(again[2] ?? 0) * 60 + Number(again[3] ?? 0)
    return said && { ...said, retrySeconds }
  }
  return saidBy(sentenceRules, sentence)
}

/** The same of what stands within a failure as its `detail`. */
export function detailSaidIn(detail: string): Said | undefined {
  if (detail.length > longestSentence) return undefined
  return saidBy(detailRules, detail) ?? saidIn(detail)
}

function saidBy(rules: readonly Rule[], sentence: string): Said | undefined {
  for (const { code, names, pattern } of rules) {
    const found = pattern.exec(sentence)
    if (!found) continue
    const details = Object.fromEntries(names.map((name, at) => [name, found[at + 1] ?? '']))
    return { code, details }
  }
  return undefined
}
